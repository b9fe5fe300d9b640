import { messageOf, UserError } from '../errors.js';
import { printable, printableLine, shortened } from '../format/printable.js';
import { signalExitCode } from './ending-signals.js';

/** Exit codes: 0 done, 1 the user's mistake, 2 a bug or a fault of the machine. A signal's is 128 + its number. */
export const EXIT = { done: 0, mistake: 1, fault: 2 } as const;

/** A user's mistake as the one line that is printed, short and safe for a terminal whatever a file put into it. */
export function failureLine(error: UserError): string {
  return `min-char-rnn: ${printableLine(shortened(messageOf(error)))}`;
}

/** Prints what went wrong, a user's mistake as one line and anything else with its stack, and ends the process. */
export function reportAndExit(error: unknown): never {
  if (error instanceof UserError) {
    process.stderr.write(`${failureLine(error)}\n`);
    process.exit(EXIT.mistake);
  }
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(
    `min-char-rnn: this is a bug or a fault of the machine:\n${printable(stack ?? String(error))}\n`,
  );
  process.exit(EXIT.fault);
}

/** Ends a command whose output cannot be written, unless it handles that itself. */
export function outputFailed(error: NodeJS.ErrnoException): void {
  if (process.stdout.listenerCount('error') > 1) return;
  // It is no longer read (| head).
  if (error.code === 'EPIPE') process.exit(signalExitCode('SIGPIPE'));
  reportAndExit(new UserError(`the output must be writable, but ${error.message}; write it to another place`));
}
