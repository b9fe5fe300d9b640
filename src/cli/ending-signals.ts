import { constants } from 'node:os';
import { isIgnored } from './ignored-signals.js';

/** Signals that ask a program to end: Ctrl-C, a polite kill, a closed terminal. */
export const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit code of a program that a signal ended: 130 after Ctrl-C. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Answers to one signal after another; the one after the last of them ends the process at once. */
const ANSWERS = {
  saving: [
    'Stopping after this step, then saving (a third Ctrl-C ends at once, without saving)',
    'Still waiting for the step or the disk; Ctrl-C again ends at once, without saving',
  ],
  notSaving: ['Stopping after this step (a second Ctrl-C ends at once)'],
} as const;

/**
 * Turns the first ending signal into an abort, so that the run can save. The next one must not cost the last step: it is
 * answered alone. A closed terminal, where that is to be ignored, is a request to save instead.
 */
export class EndingSignals {
  readonly #controller = new AbortController();
  readonly #answers: string[];
  readonly #say: (line: string) => void;
  readonly #saves: boolean;
  #received: NodeJS.Signals | undefined;
  #isAnswering = false;
  #isSaveRequested = false;
  #outputIsLost = false;

  /** @param saves whether there is a file to save to. @param say shows an answer, one line. */
  constructor(saves: boolean, say: (line: string) => void) {
    this.#saves = saves;
    this.#answers = [...(saves ? ANSWERS.saving : ANSWERS.notSaving)];
    this.#say = say;
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

  /** Whether a save has been requested since the last call. */
  takeSaveRequest(): boolean {
    const isRequested = this.#isSaveRequested;
    this.#isSaveRequested = false;
    return isRequested;
  }

  /** Restores the signals' default effects. */
  release(): void {
    for (const name of ENDING) process.off(name, this.#receive);
  }

  readonly #receive = (name: NodeJS.Signals): void => {
    if (isIgnored(name)) this.#hangUp();
    // A terminal that closes may say so twice.
    else if (name !== 'SIGHUP' || !this.#received) this.#urge(name);
  };

  #hangUp(): void {
    this.#isSaveRequested = true;
    this.#say(`The terminal was closed (SIGHUP): training continues${this.#saves ? ', saved after this step' : ''}`);
  }

  #urge(name: NodeJS.Signals): void {
    // What was sent while a step kept the event loop waiting arrives all at once: the sender has seen no answer yet.
    if (this.#isAnswering) return;
    this.#isAnswering = true;
    setImmediate(() => (this.#isAnswering = false));
    const answer = this.#answers.shift();
    if (answer === undefined) process.exit(signalExitCode(name));
    this.#received ??= name;
    this.#controller.abort();
    this.#say(answer);
  }

  /** The output is no longer read (| head) or the terminal is gone: the run ends and is saved. */
  readonly #outputFailed = ({ code, message }: NodeJS.ErrnoException): void => {
    if (code === 'EPIPE' || (code === 'EIO' && !isIgnored('SIGHUP'))) {
      this.#received ??= code === 'EPIPE' ? 'SIGPIPE' : 'SIGHUP';
      this.#controller.abort();
    } else if (!this.#outputIsLost) {
      // A log on a disk that is full: the run is worth more than what it prints.
      this.#outputIsLost = true;
      process.stderr.write(`min-char-rnn: warning: the output cannot be written: ${message}; training continues\n`);
    }
  };
}

/** For errors that can no longer be reported anywhere. */
function ignore(): void {}
