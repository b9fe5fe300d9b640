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
  // Not by one expression: a long run of spaces would take the square of its length.
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** The code of an error of the system, of Node or of zlib, such as `ENOENT`; undefined for anything else thrown. */
export function codeOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What to do about a file that is not there. @param name of it, as it was given. */
export function adviceOnMissing(name: string): string {
  return /^https?:/i.test(name) ? 'download it first, because files are not fetched' : 'check the path';
}
