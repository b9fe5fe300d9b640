/**
 * A mistake of the user's, not of the program: printed as one line without a stack, exit code 1.
 * The message says what must hold, what came and what to do next.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(/\s*\n\s*/g, ' ').trim();
}
