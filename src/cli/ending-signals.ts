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
  #outputIsLost = false;

  constructor() {
    for (const name of ENDING) process.on(name, this.#receive);
    process.stdout.on('error', this.#outputFailed);
    process.stderr.on('error', ignore);
  }

  /** Aborted when the run should end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the signal asks for; undefined without one. */
  get exitCode(): number | undefined {
    return this.#received && signalExitCode(this.#received);
  }

  /** Restores the signals' default effects. */
  release(): void {
    for (const name of ENDING) process.off(name, this.#receive);
  }

  readonly #receive = (name: NodeJS.Signals): void => {
    if (this.#received) process.exit(signalExitCode(name));
    this.#received = name;
    this.#controller.abort();
  };

  /** The output is no longer read (| head) or the terminal is gone: the run ends and is saved. */
  readonly #outputFailed = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' || error.code === 'EIO') {
      this.#received ??= error.code === 'EPIPE' ? 'SIGPIPE' : 'SIGHUP';
      this.#controller.abort();
    } else if (!this.#outputIsLost) {
      // A log on a disk that is full: the run is worth more than what it prints.
      this.#outputIsLost = true;
      process.stderr.write(
        `min-char-rnn: warning: the output cannot be written: ${error.message}; training continues\n`,
      );
    }
  };
}

/** For errors that can no longer be reported anywhere. */
function ignore(): void {}
