import type { ServerResponse } from 'node:http';
import { applyChange, type Change, emptyRecord, merged, type RunRecord } from './record.js';

/** Shortest time between two messages to the browsers, in milliseconds. */
const EVERY_MS = 250;

/** Time between signs of life, by which a page distinguishes a quiet run from a lost connection. */
const ALIVE_MS = 10_000;

/** What a browser may leave unread, in bytes, before it is dropped; the largest message is smaller than half of it. */
const UNREAD_BYTES = 4 << 20;

/** How long the end of a run waits for the browsers to have heard of it, in milliseconds. */
const FAREWELL_MS = 500;

/** Browsers that may listen at a time. */
const MOST_CLIENTS = 32;

/**
 * Keeps the record of a run and tells the browsers what changes, as server-sent events: the whole record when one
 * connects, then changes, a few a second. It never waits: a browser that does not read is dropped, and gets the whole
 * record again when it comes back.
 */
export class Broadcast {
  readonly #record = emptyRecord();
  readonly #clients = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  /** What the browsers do not know yet, and when they will hear of it. */
  #pending: Change | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(private readonly everyMs = EVERY_MS) {
    this.#heartbeat = setInterval(() => this.#send(message('alive', null)), ALIVE_MS);
    this.#heartbeat.unref();
  }

  /** Whether no more browsers may connect now. */
  get isFull(): boolean {
    return this.#isClosed || this.#clients.size >= MOST_CLIENTS;
  }

  /** Takes a browser whose headers are sent. */
  add(client: ServerResponse): void {
    this.#flush();
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    client.write(message('record', this.#record));
  }

  /** Changes the record. The browsers hear of it soon. */
  change(change: Change): void {
    applyChange(this.#record, change);
    if (this.#clients.size === 0) return;
    this.#pending = this.#pending ? merged(this.#pending, change) : change;
    this.#timer ??= setTimeout(() => this.#flush(), this.everyMs).unref();
  }

  /** Sends what is left, and ends all connections as soon as that is read, or after a moment. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    this.#flush();
    const clients = [...this.#clients];
    const timer = setTimeout(() => clients.forEach((client) => client.destroy()), FAREWELL_MS);
    await Promise.all(clients.map((client) => new Promise((resolve) => client.on('close', resolve).end(resolve))));
    clearTimeout(timer);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending) this.#send(message('change', this.#pending));
    this.#pending = undefined;
  }

  #send(bytes: Buffer): void {
    for (const client of this.#clients) {
      client.write(bytes);
      if (client.writableLength > UNREAD_BYTES) client.destroy();
    }
  }
}

/** A server-sent event; its data is one line of JSON. */
function message(event: 'record' | 'change' | 'alive', data: RunRecord | Change | null): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
