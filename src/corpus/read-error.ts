import { adviceOnMissing, codeOf, messageOf, UserError } from '../errors.js';

/** What went wrong in reading the text `name`, as the user's mistake where the system or zlib says so. */
export function readError(thrown: unknown, name: string): unknown {
  const code = codeOf(thrown);
  if (code === 'ENOENT') {
    return new UserError(`the corpus must be a text file, but '${name}' does not exist; ${adviceOnMissing(name)}`);
  }
  if (code === 'EACCES') {
    return new UserError(
      `the corpus '${name}' must be readable, but this user may not read it; change its permissions`,
    );
  }
  if (code === 'Z_BUF_ERROR') {
    return new UserError(`'${name}' must be a whole gzip file, but its end is missing; fetch or make it again`);
  }
  if (code?.startsWith('Z_')) {
    return new UserError(
      `'${name}' must be a gzip file as its name says, but is not or is damaged (${messageOf(thrown)}); ` +
        'rename it if it is plain text, or make it again',
    );
  }
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) {
    return new UserError(`the corpus '${name}' cannot be read: ${messageOf(thrown)}; check the file`);
  }
  return thrown;
}
