import fc from 'fast-check';
import type { NamedTensor } from '../../src/checkpoint/safetensors.js';

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
