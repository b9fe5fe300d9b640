import { isUtf8 } from 'node:buffer';

const MARK_BYTES = [0xef, 0xbb, 0xbf];

/** UTF-8 text without a byte order mark at its start. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return MARK_BYTES.every((byte, i) => bytes[i] === byte) ? bytes.subarray(MARK_BYTES.length) : bytes;
}

/** Offset of the first byte that is not part of valid UTF-8, or -1 for valid text. */
export function firstInvalidByte(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  for (let i = 0; ;) {
    const next = i + characterLength(bytes[i] ?? 0);
    if (next > bytes.length || !isUtf8(bytes.subarray(i, next))) return i;
    i = next;
  }
}

/** The bytes that a character takes, judged by its first one. */
export function characterLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The bytes without a character at the end that is not whole: what comes next may complete it. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
    const byte = bytes[at];
    if (byte >= 0xc0) return at + characterLength(byte) > bytes.length ? bytes.subarray(0, at) : bytes;
    if (byte < 0x80) return bytes;
  }
  return bytes;
}
