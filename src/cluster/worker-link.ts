import { printableLine } from '../format/printable.js';
import type { Division } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import type { Address } from './addresses.js';
import { Channel } from './channel.js';
import { FRAME, type Frame } from './frames.js';
import { bytesOf, resultSizes, split } from './layout.js';
import { identity, JSON_LIMIT, mismatchOf, readRefusal, readWelcome, type Start, type Welcome } from './messages.js';

/** A worker that cannot be used, or no longer; the message is why, for the middle of a line. */
export class WorkerLost extends Error {}

/** How long a worker may be silent before it counts as lost, in seconds: it says once a second that it is there. */
const SILENCE = 15;

/** Longest time for a connection and a first answer, ms. */
const ANSWER_MS = 10_000;

/** What is waited for. */
interface Wait {
  readonly kind: number;
  /** The most bytes that it may have. */
  readonly limit: number;
  readonly resolve: (content: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
}

/** A trainer's connection to a worker. */
export class WorkerLink {
  readonly #channel: Channel;
  #lost: string | undefined;
  /** In the order in which they must come. */
  readonly #waits: Wait[] = [];
  #silentSeconds = 0;
  /** What the last answer came in. */
  #answer: Uint8Array<ArrayBuffer> | undefined;
  readonly #clock: NodeJS.Timeout;

  private constructor(readonly address: Address) {
    this.#channel = Channel.to(address, {
      limit: (kind) => this.#waits.find((wait) => wait.kind === kind)?.limit ?? JSON_LIMIT,
      frame: (frame) => this.#frame(frame),
      ended: (why) => this.#end(why),
    });
    // Counted, not measured: this process may itself have computed for longer, without a look at what has come.
    this.#clock = setInterval(() => {
      if (++this.#silentSeconds >= SILENCE) this.#channel.end(`nothing was heard of it for ${SILENCE} s`);
    }, 1000);
  }

  /** Connects to a worker. @returns also the threads that it offers. @throws WorkerLost where that cannot be. */
  static async open(address: Address): Promise<{ link: WorkerLink; threads: number }> {
    const link = new WorkerLink(address);
    const timer = setTimeout(() => link.#channel.end(`it did not answer within ${ANSWER_MS / 1000} s`), ANSWER_MS);
    try {
      void link.#channel.sendJson(FRAME.hello, identity());
      return { link, threads: (await link.#welcome()).threads };
    } finally {
      clearTimeout(timer);
    }
  }

  async #welcome(): Promise<Welcome> {
    const welcome = readWelcome(await this.#next(FRAME.welcome, JSON_LIMIT));
    const mismatch = mismatchOf(welcome, identity());
    if (mismatch === undefined) return welcome;
    this.#channel.end(mismatch);
    throw new WorkerLost(mismatch);
  }

  /** Why it is lost; undefined as long as it is there. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Has the worker load TensorFlow for what comes. @throws WorkerLost */
  async start({ config, shards }: Division, oneDnn: boolean): Promise<void> {
    const { batchSize, seqLength, hiddenSize, vocabularySize } = config;
    const start: Start = { batchSize, seqLength, hiddenSize, vocabularySize, shards, oneDnn };
    void this.#channel.sendJson(FRAME.start, start);
    await this.#next(FRAME.ready, 0);
  }

  /** Sends a frame of numbers. @returns when the system has taken them. */
  send(kind: number, pieces: readonly ArrayBufferView[]): Promise<void> {
    return this.#channel.send(kind, ...pieces);
  }

  /** What the part gives that is asked for next, there until `reuse`; rejects with WorkerLost. */
  async result(part: Span, division: Division): Promise<Float32Array<ArrayBuffer>[]> {
    const sizes = resultSizes(part, division);
    return split((this.#answer = await this.#next(FRAME.result, bytesOf(sizes))), sizes);
  }

  /** Takes the memory of the last result back, which nobody reads any more. */
  reuse(): void {
    if (this.#answer) this.#channel.reuse(this.#answer);
    this.#answer = undefined;
  }

  close(): void {
    clearInterval(this.#clock);
    this.#channel.end('this run has ended');
  }

  #next(kind: number, limit: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) reject(new WorkerLost(this.#lost));
      else this.#waits.push({ kind, limit, resolve, reject });
    });
  }

  #frame({ kind, content }: Frame): void {
    this.#silentSeconds = 0;
    if (kind === FRAME.beat) return;
    // It may be shown on a terminal, and comes from another machine.
    if (kind === FRAME.refusal) return this.#channel.end(printableLine(readRefusal(content).reason));
    const wait = this.#waits.at(0);
    if (kind !== wait?.kind) throw new Error('it does not speak as a worker of min-char-rnn does');
    this.#waits.shift();
    wait.resolve(content);
  }

  #end(why: string): void {
    clearInterval(this.#clock);
    this.#lost = why;
    for (const { reject } of this.#waits.splice(0)) reject(new WorkerLost(why));
  }
}
