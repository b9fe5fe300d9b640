import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { printable } from '../../format/printable.js';

/** Generated text is written at least this often, so that it is seen as it is made. */
const FLUSH_MS = 20;

/**
 * Writes the bytes of a text in small batches, waits for a slow reader, and notices one that has gone. A terminal is shown
 * `printable` text, because a model's text must not control it; files and pipes get every byte as it is.
 */
export class Sink {
  /** Whether the reader has gone: nothing more needs to be written. */
  closed = false;
  #failure: Error | undefined;
  readonly #pending: Uint8Array[] = [];
  #lastFlush = performance.now();
  /** Keeps a character that comes in two batches together. */
  readonly #decoder = new StringDecoder('utf8');
  /** A carriage return at the end of a batch: whether it ends a line depends on the next one. */
  #held = '';

  constructor(private readonly out: NodeJS.WriteStream) {
    out.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      if (error.code !== 'EPIPE') this.#failure = error;
    });
  }

  /** Adds bytes; they are written within a moment. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    if (performance.now() - this.#lastFlush >= FLUSH_MS) await this.flush();
  }

  /** Writes what is pending and lets the event loop have a turn. @throws UserError when it cannot be written. */
  async flush(): Promise<void> {
    await this.#send(this.#shown(Buffer.concat(this.#pending.splice(0))));
  }

  /** Writes all that is left, and on a terminal ends the line. @throws UserError when it cannot be written. */
  async end(): Promise<void> {
    await this.flush();
    if (this.out.isTTY) await this.#send(`${printable(this.#held + this.#decoder.end())}\n`);
  }

  async #send(text: Buffer | string): Promise<void> {
    if (!this.closed && text.length > 0 && !this.out.write(text)) {
      await Promise.race([once(this.out, 'drain'), once(this.out, 'close')]).catch(() => (this.closed = true));
    }
    await setImmediate();
    this.#lastFlush = performance.now();
    if (this.#failure) {
      throw new UserError(`the output must be writable, but ${this.#failure.message}; write it to another place`);
    }
  }

  #shown(bytes: Buffer): Buffer | string {
    if (!this.out.isTTY) return bytes;
    const text = this.#held + this.#decoder.write(bytes);
    this.#held = text.endsWith('\r') ? '\r' : '';
    return printable(text.slice(0, text.length - this.#held.length));
  }
}
