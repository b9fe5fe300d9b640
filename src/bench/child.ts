import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { messageOf } from '../errors.js';
import type { Identity, Round } from './protocol.js';

/** A program to start as a child; `env` is added to this process's own environment. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Loading a big library from a cold disk takes its time. */
const READY_SECONDS = 180;
const ANSWER_SECONDS = 900;
/** From the order to quit to the end. */
const QUIT_SECONDS = 10;
/** Characters of the standard error: its end says why a process has ended. */
const KEPT = 4000;

/** A child's answer: one JSON object. */
export type Message = Readonly<Record<string, unknown>>;

/** A child has not answered in time, and was ended. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';

  constructor(seconds: number) {
    super(`no answer within ${Math.round(seconds)} s`);
  }
}

/**
 * One contestant's process, in whatever language: it answers lines on its standard input with lines of JSON, see
 * `protocol.ts`. Between two answers it blocks and takes no processor time.
 */
export class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<string>;
  #errors = '';

  /** Starts it. @param onError is given what it writes to its standard error. */
  constructor({ command, args, env }: Launch, onError: (text: string) => void = () => undefined) {
    this.#process = spawn(command, args, { env: { ...process.env, ...env } });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT);
      onError(text);
    });
    // A child that has gone is noticed by the end of its output; the failed write adds nothing.
    this.#process.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(`cannot start ${command}: ${messageOf(error)}`));
      this.#process.once('close', (code, signal) => resolve(lastWords(code, signal, this.#errors)));
    });
  }

  /** Who it is, once it is loaded. @throws as `answer` does. */
  async ready(seconds = READY_SECONDS): Promise<Identity> {
    const { name, version, details } = (await this.answer(seconds)) as unknown as Identity;
    return { name, version, details };
  }

  /** Does so many steps. @throws as `answer` does. */
  async run(steps: number, seconds = ANSWER_SECONDS): Promise<Round> {
    const { seconds: taken, loss } = await this.ask(`run ${steps}`, seconds);
    if (typeof taken !== 'number') throw new Error('its answer names no seconds');
    return { seconds: taken, loss: typeof loss === 'number' ? loss : NaN };
  }

  /** Sends one line and waits for the answer. @throws as `answer` does. */
  ask(line: string, seconds = ANSWER_SECONDS): Promise<Message> {
    this.#process.stdin.write(`${line}\n`);
    return this.answer(seconds);
  }

  /**
   * The next line that is a JSON object; whatever else a library prints is passed over.
   * @param seconds to wait, at most 900.
   * @throws TooSlow when the time is over; Error with the reason when the child is absent or has failed or ended.
   */
  async answer(seconds = ANSWER_SECONDS): Promise<Message> {
    const limit = Math.max(0, Math.min(seconds, ANSWER_SECONDS));
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.kill();
        reject(new TooSlow(limit));
      }, limit * 1000);
    });
    try {
      const message = await Promise.race([this.#nextMessage(), overdue]);
      const reason = message.absent ?? message.failed;
      if (typeof reason === 'string') throw new Error(reason);
      return message;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets it end; resolves when it has. */
  async stop(): Promise<void> {
    this.#process.stdin.end('quit\n');
    const timer = setTimeout(() => void this.kill(), QUIT_SECONDS * 1000);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends it at once, whatever it is doing; resolves when all that it wrote has been read. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  async #nextMessage(): Promise<Message> {
    for (;;) {
      const line = await this.#lines.next();
      if (line.done) throw new Error(await this.#ended);
      const message = parseMessage(line.value);
      if (message) return message;
    }
  }
}

/** How a process has ended, with the last error that it named, or else its last line. */
function lastWords(code: number | null, signal: NodeJS.Signals | null, errors: string): string {
  const how = signal ? `ended by ${signal}` : `ended with exit code ${code}`;
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  const last = lines.findLast((line) => /^[\w.]*Error( \[\w+\])?: /.test(line)) ?? lines.at(-1);
  return last === undefined ? how : `${how}: ${last.trim()}`;
}

function parseMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    // Python writes NaN and C nan, which JSON lacks: a loss that diverged is still an answer.
    const seconds = /"seconds": ([\d.e-]+)/.exec(line)?.[1];
    return seconds === undefined ? undefined : { seconds: Number(seconds) };
  }
}
