import { isUtf8 } from 'node:buffer';
import { UserError } from '../errors.js';
import { withoutMark } from './utf8.js';

/** Bytes at the start of a file that tell its format. */
export const SIGNATURE_BYTES = 9;

const convert = (from: string) => `convert it (iconv -f ${from} -t UTF-8)`;

/** Formats that are taken for text by mistake: how they begin, what they are, and what to do. Longer beginnings first. */
const FORMATS: readonly [start: readonly number[], format: string, cure: string][] = [
  [[0xff, 0xfe, 0x00, 0x00], 'UTF-32', convert('UTF-32')],
  [[0x00, 0x00, 0xfe, 0xff], 'UTF-32', convert('UTF-32')],
  [[0xff, 0xfe], 'UTF-16', convert('UTF-16')],
  [[0xfe, 0xff], 'UTF-16', convert('UTF-16')],
  [[0x1f, 0x8b], 'gzip data', 'unpack it (zcat), or let its name end in .gz'],
  [[0x42, 0x5a, 0x68], 'bzip2 data', 'unpack it (bzcat)'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz data', 'unpack it (xzcat)'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd data', 'unpack it (zstdcat)'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive', 'unpack it (unzip)'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF', 'take the text out of it (pdftotext)'],
];

/**
 * What bytes that are not UTF-8 seem to be, and what makes UTF-8 text of them; undefined where they do not show it.
 * @param head the file's first `SIGNATURE_BYTES` bytes, or more, or all it has.
 */
export function adviceFor(head: Uint8Array): string | undefined {
  const known = FORMATS.find(([start]) => start.every((byte, i) => head[i] === byte));
  if (known) return `it seems to be ${known[1]}, so ${known[2]}`;
  // A safetensors file: the length of its header in 8 bytes, of which the first 3 suffice, and the header.
  if (head[8] === 0x7b && head.subarray(3, 8).every((byte) => byte === 0)) {
    return 'it seems to be a checkpoint, so name a text (a checkpoint goes after --resume)';
  }
  // Without a mark: every second byte of a text in UTF-16 is 0 where its characters are those of ASCII.
  const zeros = Array.from(head.subarray(0, 4), (byte) => (byte === 0 ? '0' : 'x')).join('');
  if (zeros === 'x0x0') return `it seems to be UTF-16, so ${convert('UTF-16LE')}`;
  return zeros === '0x0x' ? `it seems to be UTF-16, so ${convert('UTF-16BE')}` : undefined;
}

/** What to do about text in an encoding that nothing shows. */
export const CONVERT = 'convert it (such as iconv -f LATIN1 -t UTF-8)';

/**
 * UTF-8 text without a byte order mark at its start.
 * @throws UserError for other bytes: `refusal`, which says what must hold and what came, and what to do.
 */
export function requireUtf8(bytes: Uint8Array, refusal: string): Uint8Array {
  if (isUtf8(bytes)) return withoutMark(bytes);
  throw new UserError(`${refusal}; ${adviceFor(bytes) ?? CONVERT}`);
}
