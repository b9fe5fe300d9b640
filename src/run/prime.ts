import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { requireUtf8 } from '../corpus/foreign-format.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import { messageOf, UserError } from '../errors.js';
import type { SampleOptions } from '../options/sample-options.js';

const NEWLINE = 0x0a;

/**
 * The symbols that a model reads before it generates: the prime text, or else a newline, so that text begins as a line
 * does. A model of bytes takes any file, and escapes such as \xe9 in `prime`.
 * @throws UserError for a text that cannot be read or has symbols that the model does not know.
 */
export async function readPrime({ prime, primeFile }: SampleOptions, vocabulary: Vocabulary): Promise<Int32Array> {
  if (prime !== undefined && primeFile !== undefined) {
    throw new UserError('--prime and --prime-file must not come together, because each gives the prime text; keep one');
  }
  const anyBytes = vocabulary.encoding === 'bytes';
  let bytes: Uint8Array;
  if (primeFile !== undefined) bytes = await read(primeFile);
  else if (prime !== undefined) bytes = anyBytes ? unescaped(prime) : Buffer.from(prime);
  else return Int32Array.of(vocabulary.indexOf(NEWLINE) ?? 0);
  const refusal = `--prime-file must be UTF-8 text for this model, but '${primeFile}' is not`;
  const text = anyBytes ? bytes : requireUtf8(bytes, refusal);
  if (text.length > 0) return vocabulary.encode(text);
  throw new UserError('the prime text must not be empty; give at least one character or leave it out');
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    throw new UserError(
      `--prime-file must be a readable file, but '${path}' is not: ${messageOf(error)}; check the path`,
    );
  }
}

/** The bytes of a text in which \xe9 is a byte, \\ a backslash, and all else its UTF-8. */
function unescaped(text: string): Uint8Array {
  const pieces = text.matchAll(/[^\\]+|\\(?:x([0-9a-f]{2})|(\\)|(.{0,3}))/gisu);
  return Buffer.concat(
    Array.from(pieces, ([piece, byte, backslash, wrong]) => {
      if (byte !== undefined) return Buffer.from(byte, 'hex');
      if (wrong === undefined) return Buffer.from(backslash ?? piece);
      throw new UserError(
        `a backslash in --prime must begin \\x and two hexadecimal digits for this model of bytes, but got '${piece}'; ` +
          'write \\\\ for a backslash itself',
      );
    }),
  );
}
