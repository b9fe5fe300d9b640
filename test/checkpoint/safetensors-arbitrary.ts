import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert/strict';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import type { NamedTensor } from '../../src/checkpoint/safetensors.js';
import { UserError } from '../../src/errors.js';

/** What goes into one file. */
export interface Contents {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes of one file from its header's text and its data: every file in the tests that no encoder would write. */
export function fileOf(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, data]));
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', '0', '1', '', 'a"b\\c\n', '\u2028', 'Wxh'),
);

/** Any bit pattern at all: NaN payloads, -0, subnormals and infinities come as often as other numbers. */
function floats(count: number): fc.Arbitrary<Float32Array> {
  const bits = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0x80000000, 1, 0x7f800001, 0xffc12345, 0x7f7fffff));
  return fc
    .array(bits, { minLength: count, maxLength: count })
    .map((patterns) => new Float32Array(new Uint32Array(patterns).buffer));
}

const tensor: fc.Arbitrary<NamedTensor> = fc
  .array(fc.nat(4), { maxLength: 4 })
  .chain((shape) =>
    floats(shape.reduce((product, length) => product * length, 1)).map((values) => ({ shape, values })),
  );

/** Anything that the encoder takes. */
export const contents: fc.Arbitrary<Contents> = fc.record({
  tensors: fc
    .uniqueArray(fc.tuple(text, tensor), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => new Map(entries)),
  metadata: fc.dictionary(text, text, { maxKeys: 4 }),
});

type Edit = (bytes: Uint8Array) => Uint8Array;

/** A fraction of a file's length. Not `fc.double`, which draws almost only numbers close to 0. */
const place = fc.noBias(fc.nat(9999)).map((part) => part / 10000);

const piece = fc
  .constantFrom('{', '}', '[', ']', '"', ':', ',', '-', '0', '9', 'null', '\\', '\\u0061', ' ', '\0', '"a":{},', '1e9')
  .map((text) => Buffer.from(text));

/** Puts other bytes in place of some. */
function splice(inserted: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Edit> {
  return fc.tuple(place, fc.nat(9), inserted).map(([place, removed, inserted]) => (bytes) => {
    const at = Math.floor(place * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
  });
}

/** Changes one bit. */
const bitFlip: fc.Arbitrary<Edit> = fc.tuple(place, fc.nat(7)).map(([place, bit]) => (bytes) => {
  const at = Math.floor(place * (bytes.length - 1));
  return bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
});

/** An edit of the header alone that keeps the stated length right, so that the checks behind that one have work. */
function onHeader(edit: Edit): Edit {
  return (bytes) => {
    const end = 8 + (bytes.length < 8 ? 0 : Number(Buffer.from(bytes).readBigUInt64LE()));
    return end > bytes.length ? bytes : fileOf(edit(bytes.subarray(8, end)), bytes.subarray(end));
  };
}

/** Cuts the file short. */
const cut: fc.Arbitrary<Edit> = place.map((place) => (bytes) => bytes.subarray(0, Math.floor(place * bytes.length)));

/** States another header length. */
const lengthChange: fc.Arbitrary<Edit> = fc
  .oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 600n))
  .map((length) => (bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length >= 8) changed.writeBigUInt64LE(length);
    return changed;
  });

const hostileValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(-1, 0.5, 4, 8, 2 ** 31, 2 ** 53, 1e308, 'F16', 'F32', null),
  fc.array(fc.constantFrom(-1, 0, 1, 2, 4, 8, 2 ** 32, 2 ** 52), { maxLength: 4 }),
);

/** Swaps one match of a pattern in a header's text for another text. */
function swap(
  header: Uint8Array,
  pattern: RegExp,
  index: number,
  swapped: (match: RegExpExecArray) => string,
): Uint8Array {
  const text = Buffer.from(header).toString();
  const matches = [...text.matchAll(pattern)];
  const match = matches[index % Math.max(matches.length, 1)];
  if (!match) return header;
  return Buffer.from(text.slice(0, match.index) + swapped(match) + text.slice(match.index + match[0].length));
}

/** Swaps one number, list, string or object of the header for another value. */
const valueSwap: fc.Arbitrary<Edit> = fc.tuple(fc.nat(30), hostileValue).map(
  ([index, value]) =>
    (header) =>
      swap(header, /(?<=":)("[^"]*"|\[[^\]]*\]|\{)|(?<=[[,])\d+/g, index, () => JSON.stringify(value)),
);

/** Moves one tensor in the data without changing its length: a gap or an overlap. */
const spanShift: fc.Arbitrary<Edit> = fc.tuple(fc.nat(5), fc.constantFrom(-4, -1, 1, 4, 64)).map(
  ([index, by]) =>
    (header) =>
      swap(
        header,
        /(?<="data_offsets":\[)(\d+),(\d+)/g,
        index,
        ([, begin, end]) => `${Number(begin) + by},${Number(end) + by}`,
      ),
);

const headerEdit = fc.oneof(
  { arbitrary: valueSwap, weight: 4 },
  { arbitrary: spanShift, weight: 2 },
  { arbitrary: splice(piece), weight: 3 },
  { arbitrary: bitFlip, weight: 1 },
);

const edit = fc.oneof(splice(fc.uint8Array({ maxLength: 9 })), bitFlip, lengthChange, cut, {
  arbitrary: headerEdit.map(onHeader),
  weight: 8,
});

/** A file that was whole once: one to three edits of what the encoder wrote. */
export const damagedFile: fc.Arbitrary<Uint8Array> = fc
  .tuple(contents, fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([{ tensors, metadata }, edits]) =>
    edits.reduce((bytes, edit) => edit(bytes), encodeSafetensors(tensors, metadata)),
  );

/**
 * Reads a file that may be damaged, and throws unless the decoder kept its promise: either contents that can be written
 * and read again unchanged, or one short line about the file.
 */
export function outcomeOf(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const first = decodeSafetensors(bytes, 'some.safetensors');
    deepStrictEqual(plain(decodeSafetensors(encodeSafetensors(first.tensors, first.metadata), 'again')), plain(first));
    return 'read';
  } catch (error) {
    if (error instanceof UserError && /^some\.safetensors: \P{C}{1,400}$/u.test(error.message)) return 'refused';
    throw error;
  }
}

/**
 * Contents in the order of their names, with every float as its bits: comparing floats would take all NaNs for one.
 */
export function plain({ tensors, metadata }: Contents) {
  const bits = ({ shape, values }: NamedTensor) => ({ shape, bits: [...new Uint32Array(values.slice().buffer)] });
  return {
    tensors: byName([...tensors].map(([name, tensor]) => [name, bits(tensor)] as const)),
    metadata: byName(Object.entries(metadata)),
  };
}

function byName<Value>(entries: (readonly [string, Value])[]): (readonly [string, Value])[] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
