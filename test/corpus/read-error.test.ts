import { describe, expect, it } from 'vitest';
import { readError } from '../../src/corpus/read-error.js';
import { UserError } from '../../src/errors.js';

function thrown(code: string): Error {
  return Object.assign(new Error(`${code}: what the system says`), { code });
}

describe('what goes wrong in reading a text', () => {
  it.each([
    ['ENOENT', "the corpus must be a text file, but 'a.txt' does not exist; check the path"],
    ['EACCES', "the corpus 'a.txt' must be readable, but this user may not read it; change its permissions"],
    ['Z_BUF_ERROR', "'a.txt' must be a whole gzip file, but its end is missing; fetch or make it again"],
    [
      'Z_DATA_ERROR',
      "'a.txt' must be a gzip file as its name says, but is not or is damaged (Z_DATA_ERROR: what the system says); " +
        'rename it if it is plain text, or make it again',
    ],
    ['EIO', "the corpus 'a.txt' cannot be read: EIO: what the system says; check the file"],
    ['E2BIG', "the corpus 'a.txt' cannot be read: E2BIG: what the system says; check the file"],
  ])('is a mistake of the user’s: %s', (code, message) => {
    const error = readError(thrown(code), 'a.txt');
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toBe(message);
  });

  it.each([thrown('ERR_INVALID_ARG_TYPE'), thrown('NO_Z_'), thrown('XEIO'), new Error('a bug'), 'words', undefined])(
    'is a bug of the program where neither the system nor zlib says so: %s',
    (error) => {
      expect(readError(error, 'a.txt')).toBe(error);
    },
  );
});
