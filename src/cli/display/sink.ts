import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { printable } from './format.js';

/** Generated text is written at least this often, so that it is seen as it is made. */
const FLUSH_MS = 20;

/**
 * Writes the bytes of a text in small batches, waits for a slow reader, and notices one that has gone. A terminal is shown
 * control characters as their codes, because a model's text must not control it; files and pipes get every byte as it is.
 */
export class Sink {
  /** Whether the reader has gone: nothing more needs to be written. */
  closed = false;
  #failure: Error | undefined;
  #pending: Uint8Array[] = [];
  #lastFlush = performance.now();
  /** Keeps a character that comes in two batches together. */
  readonly #decoder = new StringDecoder('utf8');

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
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    if (!this.closed && bytes.length > 0 && !this.out.write(this.#shown(bytes))) {
      await Promise.race([once(this.out, 'drain'), once(this.out, 'close')]).catch(() => (this.closed = true));
    }
    await setImmediate();
    this.#lastFlush = performance.now();
    if (this.#failure) {
      throw new UserError(`the output must be writable, but ${this.#failure.message}; write it to another place`);
    }
  }

  #shown(bytes: Buffer): Buffer | string {
    return this.out.isTTY ? printable(this.#decoder.write(bytes)) : bytes;
  }
}
