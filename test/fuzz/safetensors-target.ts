import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert/strict';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { contents, fileOf, plain } from '../checkpoint/safetensors-arbitrary.js';
import { anyEdit, bitFlip, type Edit, edited, splice } from './edits.js';
import { jsonEdit, swapMatch } from './hostile.js';
import { checkLine, checkRefusal } from './refusal.js';
import type { FuzzTarget, Outcome } from './target.js';

const piece = fc
  .constantFrom('{', '}', '[', ']', '"', ':', ',', '-', '0', '9', 'null', '\\', '\\u0061', ' ', '\0', '"a":{},', '1e9')
  .map((text) => Buffer.from(text));

/** An edit of the header alone that keeps the stated length right, so that the checks behind that one have work. */
export function onHeader(edit: Edit): Edit {
  return (bytes) => {
    const end = 8 + (bytes.length < 8 ? 0 : Number(Buffer.from(bytes).readBigUInt64LE()));
    return end > bytes.length ? bytes : fileOf(edit(bytes.subarray(8, end)), bytes.subarray(end));
  };
}

/** States another header length. */
export const lengthChange: fc.Arbitrary<Edit> = fc
  .oneof(
    fc.bigInt(0n, 2n ** 64n - 1n),
    fc.bigInt(0n, 600n),
    fc.constantFrom(2n ** 24n, 2n ** 31n, 2n ** 32n, 2n ** 53n),
  )
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

function onText(edit: (text: string) => string): Edit {
  return (bytes) => Buffer.from(edit(Buffer.from(bytes).toString()));
}

/** Swaps one number, list, string or object of the header for another value. */
const valueSwap: fc.Arbitrary<Edit> = fc
  .tuple(fc.nat(30), hostileValue)
  .map(([index, value]) =>
    onText((text) =>
      swapMatch(text, /(?<=":)("[^"]*"|\[[^\]]*\]|\{)|(?<=[[,])\d+/g, index, () => JSON.stringify(value)),
    ),
  );

/** Moves one tensor in the data without changing its length: a gap or an overlap. */
const spanShift: fc.Arbitrary<Edit> = fc
  .tuple(fc.nat(5), fc.constantFrom(-4, -1, 1, 4, 64))
  .map(([index, by]) =>
    onText((text) =>
      swapMatch(
        text,
        /(?<="data_offsets":\[)(\d+),(\d+)/g,
        index,
        ([, begin, end]) => `${Number(begin) + by},${Number(end) + by}`,
      ),
    ),
  );

const headerEdit = fc.oneof(
  { arbitrary: valueSwap, weight: 4 },
  { arbitrary: spanShift, weight: 2 },
  { arbitrary: splice(piece), weight: 3 },
  { arbitrary: jsonEdit.map(onText), weight: 2 },
  { arbitrary: bitFlip, weight: 1 },
);

const edit = fc.oneof({ arbitrary: anyEdit, weight: 3 }, lengthChange, {
  arbitrary: headerEdit.map(onHeader),
  weight: 8,
});

/** A file that was whole once: up to three edits of what the encoder wrote. */
const damagedFile: fc.Arbitrary<Uint8Array> = fc
  .tuple(contents, fc.array(edit, { maxLength: 3 }))
  .map(([{ tensors, metadata }, edits]) => edited(encodeSafetensors(tensors, metadata), edits));

/**
 * Reads a file that may be damaged, and throws unless the decoder kept its promise: either contents that can be written
 * and read again unchanged, or one short line about the file.
 */
export function outcomeOf(bytes: Uint8Array): Outcome {
  try {
    const first = decodeSafetensors(bytes, 'some.safetensors');
    deepStrictEqual(plain(decodeSafetensors(encodeSafetensors(first.tensors, first.metadata), 'again')), plain(first));
    return 'taken';
  } catch (error) {
    // Also for callers who are not this program's own, which makes every message safe to print.
    if (error instanceof Error) checkLine(error.message);
    return checkRefusal(error);
  }
}

/** The reader of safetensors files, without knowledge of what a checkpoint is. */
export const safetensorsTarget: FuzzTarget<Uint8Array> = { name: 'safetensors', input: damagedFile, check: outcomeOf };
