import fc from 'fast-check';

/** A change of bytes, also of none. */
export type Edit = (bytes: Uint8Array) => Uint8Array;

/** A fraction of a file's length. Not `fc.double`, which draws almost only numbers close to 0. */
const place = fc.noBias(fc.nat(9999)).map((part) => part / 10000);

/** Puts other bytes in place of some. */
export function splice(inserted: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Edit> {
  return fc.tuple(place, fc.nat(9), inserted).map(([place, removed, inserted]) => (bytes) => {
    const at = Math.floor(place * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
  });
}

/** Changes one bit. */
export const bitFlip: fc.Arbitrary<Edit> = fc.tuple(place, fc.nat(7)).map(([place, bit]) => (bytes) => {
  const at = Math.floor(place * (bytes.length - 1));
  return bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
});

/** Cuts the end off. */
export const cut: fc.Arbitrary<Edit> = place.map(
  (place) => (bytes) => bytes.subarray(0, Math.floor(place * bytes.length)),
);

/** Puts a piece of the bytes in again at another place. */
export const duplicate: fc.Arbitrary<Edit> = fc.tuple(place, place, place).map(([from, length, to]) => (bytes) => {
  const start = Math.floor(from * bytes.length);
  const piece = bytes.subarray(start, start + Math.ceil(length * 64));
  const at = Math.floor(to * bytes.length);
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
});

/** Bytes that readers of text stumble over: invalid UTF-8, byte order marks, NUL, terminal commands, separators. */
export const hostileBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 9 }),
  fc
    .constantFrom<number[]>(
      [0xef, 0xbb, 0xbf],
      [0xff, 0xfe],
      [0],
      [0xc0, 0x80],
      [0xc3],
      [0xe2, 0x82],
      [0xf0, 0x9f, 0x98],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0x80],
      [0x1b, 0x5d, 0x30, 0x3b, 0x78, 0x07],
      [0xc2, 0x9b, 0x32, 0x4a],
      [0xe2, 0x80, 0xa8],
      [0xe2, 0x80, 0xae],
      [0x0d, 0x0a],
    )
    .map((bytes) => Uint8Array.from(bytes)),
);

/** Any of the edits above, for bytes of any kind. */
export const anyEdit: fc.Arbitrary<Edit> = fc.oneof(splice(hostileBytes), bitFlip, cut, duplicate);

/** Bytes after several edits, one after the other. */
export function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce((current, edit) => edit(current), bytes);
}
