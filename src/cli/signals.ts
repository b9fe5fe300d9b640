import { constants } from 'node:os';

/** Signals that ask a run to end: Ctrl-C, a polite kill, a closed terminal. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit code of a program that a signal ended: 130 after Ctrl-C. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Turns the first ending signal into an abort, so that the run can save; a second one ends the process at once. */
export class EndingSignals {
  readonly #controller = new AbortController();
  #received: NodeJS.Signals | undefined;

  constructor() {
    for (const name of ENDING) process.on(name, this.#receive);
    process.stdout.on('error', this.#closed);
  }

  /** Aborted when the run shall end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the signal asks for; undefined without one. */
  get exitCode(): number | undefined {
    return this.#received && signalExitCode(this.#received);
  }

  /** Gives the signals back. */
  release(): void {
    for (const name of ENDING) process.off(name, this.#receive);
  }

  readonly #receive = (name: NodeJS.Signals): void => {
    if (this.#received) process.exit(signalExitCode(name));
    this.#received = name;
    this.#controller.abort();
  };

  /** Nobody reads the output any more (| head): the run ends and is saved. */
  readonly #closed = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    this.#received ??= 'SIGPIPE';
    this.#controller.abort();
  };
}
