import { failureLine } from '../../src/cli/failure.js';
import { UserError } from '../../src/errors.js';

/** The most that one line may be: what the program clips a message to, every character written as its code. */
const LONGEST = 10_000;

/** Throws unless text is one line of bounded length that does nothing to a terminal but show characters. */
export function checkLine(line: string): void {
  if (line.length <= LONGEST && /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(line)) return;
  const start = JSON.stringify(line.slice(0, 300));
  throw new Error(`must be one short line that is safe to print; found: ${start} (${line.length} characters)`);
}

/** Throws what came unless it is a mistake of the user's, which the program prints as one safe line. */
export function checkRefusal(error: unknown): 'refused' {
  if (!(error instanceof UserError)) throw error;
  checkLine(failureLine(error));
  return 'refused';
}
