import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.js';
import { lastErrorLine } from '../system/run-command.js';
import type { BenchAnswer, BenchGreeting, BenchRequest } from './request.js';

/** Thrown where a process has not answered in time. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** The last part of what a process writes to standard error is kept: it says why it ended. */
const KEPT = 4000;

/** One contestant's process. Between two orders it waits and takes no processor time. */
export class BenchProcess {
  readonly #child: ChildProcess;
  #stderr = '';

  /**
   * Starts it; `greeting` tells when it is ready. The program has the source's ending: .ts where that runs, .js in a
   * build. @param execArgv options of Node for it.
   */
  constructor(request: BenchRequest, execArgv = process.execArgv) {
    const program = new URL(`child${extname(import.meta.url)}`, import.meta.url);
    this.#child = fork(fileURLToPath(program), [JSON.stringify(request)], {
      execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT);
    });
  }

  /** What it says when it is loaded. @throws TooSlow after `milliseconds`, Error where it ends before. */
  greeting(milliseconds: number): Promise<BenchGreeting> {
    return this.#next<BenchGreeting>(milliseconds);
  }

  /** The seconds that training on so many windows takes. @throws as `greeting` does. */
  async run(windows: number, milliseconds: number): Promise<number> {
    const answer = this.#next<BenchAnswer>(milliseconds);
    this.#child.send({ windows });
    return (await answer).seconds;
  }

  /** Ends it at once, whatever it is doing. */
  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #next<Message>(milliseconds: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => () => {
        clearTimeout(timer);
        this.#child.removeAllListeners();
        act();
      };
      const timer = setTimeout(
        settle(() => reject(new TooSlow())),
        Math.max(0, milliseconds),
      );
      this.#child.once('message', (message) => settle(() => resolve(message as Message))());
      this.#child.once('error', (error) => settle(() => reject(error))());
      this.#child.once('close', (code, signal) =>
        settle(() => reject(new Error(`ended with ${signal ?? code}: ${messageOf(lastErrorLine(this.#stderr))}`)))(),
      );
    });
  }
}
