import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInvalidByte, wholeCharacters } from '../../src/corpus/utf8.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The length of the longest valid beginning, tried from the end: slow and obviously right. */
function longestValidPrefix(bytes: Uint8Array): number {
  let length = bytes.length;
  while (!isValid(bytes.subarray(0, length))) length--;
  return length;
}

/** Bytes at which the rules of UTF-8 change. */
const EDGES = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
];
const anyBytes = fc
  .array(fc.oneof(fc.constantFrom(...EDGES), fc.nat(255)), { maxLength: 12 })
  .map((bytes) => Uint8Array.from(bytes));
const anyText = fc.string({ unit: 'binary', maxLength: 20 });

describe('the first invalid byte of UTF-8', () => {
  it.each([
    ['a lone continuation byte', [0x61, 0x80], 1],
    ['a lead byte at the end', [0x61, 0x62, 0xc3], 2],
    ['two of three bytes at the end', [0xe2, 0x82], 0],
    ['three of four bytes at the end', [0x61, 0xf0, 0x9f, 0x98], 1],
    ['a sequence cut off by ASCII', [0xe2, 0x82, 0x61, 0x61], 0],
    ['a sequence cut off by another', [0xc3, 0xc3, 0xa4], 0],
    ['an overlong slash of two bytes', [0x61, 0xc0, 0xaf], 1],
    ['an overlong form of three bytes', [0xe0, 0x9f, 0xbf], 0],
    ['an overlong form of four bytes', [0xf0, 0x8f, 0xbf, 0xbf], 0],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80, 0x61], 1],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a byte that UTF-8 never has', [0xc3, 0xa4, 0xff, 0x61], 2],
  ])('is found at %s', (_, bytes, offset) => {
    expect(firstInvalidByte(Uint8Array.from(bytes))).toBe(offset);
  });

  it('is -1 for valid text with characters of every length, and for no text', () => {
    expect(firstInvalidByte(Buffer.from('aä€😀\u0000\u{10ffff}'))).toBe(-1);
    expect(firstInvalidByte(new Uint8Array())).toBe(-1);
  });

  it('is what TextDecoder says for any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const expected = isValid(bytes) ? -1 : longestValidPrefix(bytes);
        expect(firstInvalidByte(bytes)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('is what TextDecoder says for text with one byte changed or cut off', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(255), fc.nat(3), (text, place, byte, cut) => {
        const whole = Uint8Array.from(Buffer.from(text));
        if (whole.length > 0) whole[place % whole.length] = byte;
        const bytes = whole.subarray(0, Math.max(0, whole.length - cut));
        expect(firstInvalidByte(bytes)).toBe(isValid(bytes) ? -1 : longestValidPrefix(bytes));
      }),
    );
  });
});

describe('the whole characters of a block', () => {
  it('are all of a text but for a last one that is cut off, wherever that is', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, place) => {
        const bytes = Buffer.from(text);
        const block = bytes.subarray(0, place % (bytes.length + 1));
        expect(wholeCharacters(block)).toHaveLength(longestValidPrefix(block));
      }),
    );
  });

  it('are all bytes of what no further byte makes valid', () => {
    for (const bytes of [
      [0x61, 0x80],
      [0x80, 0x80, 0x80, 0x80],
      [0xe2, 0x61],
      [0xc3, 0xa4, 0xa4],
    ]) {
      expect([...wholeCharacters(Uint8Array.from(bytes))]).toEqual(bytes);
    }
  });
});
