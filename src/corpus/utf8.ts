import { isUtf8 } from 'node:buffer';

/** One more than the largest code point. */
export const CODE_POINTS = 0x110000;

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
function characterLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** Calls `visit` with each code point of valid UTF-8, in order; returns how many there were. */
export function forEachCodePoint(bytes: Uint8Array, visit: (codePoint: number, index: number) => void): number {
  let count = 0;
  for (let i = 0; i < bytes.length; count++) {
    const lead = bytes[i];
    if (lead < 0x80) {
      visit(lead, count);
      i += 1;
    } else if (lead < 0xe0) {
      visit(((lead & 0x1f) << 6) | (bytes[i + 1] & 0x3f), count);
      i += 2;
    } else if (lead < 0xf0) {
      visit(((lead & 0x0f) << 12) | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f), count);
      i += 3;
    } else {
      const high = ((lead & 0x07) << 18) | ((bytes[i + 1] & 0x3f) << 12);
      visit(high | ((bytes[i + 2] & 0x3f) << 6) | (bytes[i + 3] & 0x3f), count);
      i += 4;
    }
  }
  return count;
}
