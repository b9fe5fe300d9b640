import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { messageOf } from '../src/errors.js';
import { childArguments, type ChildSettings, type Identity, type Round } from './protocol.js';

/** A program to start as a child; `env` is added to this process's own environment. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Loading a big library from a cold disk takes its time. */
const READY_SECONDS = 180;
const ANSWER_SECONDS = 900;
const STDERR_KEPT = 4000;

/** A child's answer: one JSON object. */
export type Message = Readonly<Record<string, unknown>>;

/** One contestant's process. Between two rounds it blocks on its standard input and takes no processor time. */
export class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<string>;
  #stderr = '';
  #overdue = '';

  private constructor(launch: Launch, settings: ChildSettings) {
    const args = [...launch.args, ...childArguments(settings)];
    this.#process = spawn(launch.command, args, { env: { ...process.env, ...launch.env } });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    // A child that has gone is noticed by the end of its output; the failed write adds nothing.
    this.#process.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(`cannot start ${launch.command}: ${messageOf(error)}`));
      this.#process.once('close', (code, signal) => resolve(this.#lastWords(code, signal)));
    });
  }

  /**
   * Starts a program and waits until it is loaded.
   * @throws Error whose message is the reason why it is absent.
   */
  static async start(launch: Launch, settings: ChildSettings): Promise<{ child: Child; identity: Identity }> {
    const child = new Child(launch, settings);
    const message = await child.#nextMessage(READY_SECONDS);
    if (typeof message.absent === 'string') {
      await child.stop();
      throw new Error(message.absent);
    }
    const { name, version, details } = message as unknown as Identity;
    return { child, identity: { name, version, details } };
  }

  /**
   * Trains on `steps` windows.
   * @throws Error with the reason when the child has ended or does not answer.
   */
  async run(steps: number): Promise<Round> {
    const { seconds, loss } = await this.ask(`run ${steps}`);
    if (typeof seconds !== 'number') throw new Error('its answer names no seconds');
    return { seconds, loss: typeof loss === 'number' ? loss : NaN };
  }

  /**
   * Sends one line and waits for the answer.
   * @throws Error with the reason when the child fails at it, has ended or does not answer.
   */
  async ask(line: string): Promise<Message> {
    this.#process.stdin.write(`${line}\n`);
    const message = await this.#nextMessage(ANSWER_SECONDS);
    if (typeof message.failed === 'string') throw new Error(message.failed);
    return message;
  }

  /** Lets the child end; resolves when it has. */
  async stop(): Promise<void> {
    this.#process.stdin.end('quit\n');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(timer);
  }

  /** The next line that is a JSON object; whatever else a library prints is passed over. */
  async #nextMessage(limitSeconds: number): Promise<Message> {
    const timer = setTimeout(() => {
      this.#overdue = `no answer within ${limitSeconds} s`;
      this.#process.kill('SIGKILL');
    }, limitSeconds * 1000);
    try {
      for (;;) {
        const line = await this.#lines.next();
        if (line.done) throw new Error(await this.#ended);
        const message = parseMessage(line.value);
        if (message) return message;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #lastWords(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#overdue) return this.#overdue;
    const how = signal ? `ended by ${signal}` : `ended with exit code ${code}`;
    const lastLine = this.#stderr.trim().split('\n').at(-1);
    return lastLine ? `${how}: ${lastLine}` : how;
  }
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
