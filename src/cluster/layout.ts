import { parameterShapes, PARAMETER_NAMES, sizeOf } from '../model/parameters.js';
import { type Division, streamsOf, sumsOf } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';

/** Bytes of each number that is sent: float32 or int32, in the order of bytes that every supported processor has. */
const BYTES = 4;

/** The numbers of each parameter, in the order of `PARAMETER_NAMES`. */
function parameterSizes({ config }: Division): number[] {
  const shapes = parameterShapes(config);
  return PARAMETER_NAMES.map((name) => sizeOf(shapes[name]));
}

const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

/** What is sent to have a part computed: first and end shard, parameters, hidden (b, H), inputs, targets (T b). */
export function workSizes(part: Span, division: Division): number[] {
  const { seqLength: T, hiddenSize: H } = division.config;
  const { streams } = streamsOf(part, division);
  return [2, ...parameterSizes(division), streams * H, T * streams, T * streams];
}

/** What comes back: a loss and gradients of each of `sumsOf(part)`, hidden (b, H). */
export function resultSizes(part: Span, division: Division): number[] {
  const { streams } = streamsOf(part, division);
  const one = [1, ...parameterSizes(division)];
  return [...sumsOf(part, division).flatMap(() => one), streams * division.config.hiddenSize];
}

/** Bytes of so many numbers. */
export function bytesOf(sizes: readonly number[]): number {
  return BYTES * total(sizes);
}

/** Cuts content into arrays of these sizes, views of it. @throws Error where it is not as long as they are together. */
export function split(content: Uint8Array<ArrayBuffer>, sizes: readonly number[]): Float32Array<ArrayBuffer>[] {
  if (content.byteLength !== bytesOf(sizes)) {
    throw new Error(`numbers of ${content.byteLength} bytes came where ${bytesOf(sizes)} must`);
  }
  let offset = content.byteOffset;
  return sizes.map((size) => {
    const part = new Float32Array(content.buffer, offset, size);
    offset += BYTES * size;
    return part;
  });
}

/** The same bytes as whole numbers. */
export function asIntegers(values: Float32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** The part that work is for, its first two numbers. @throws Error where there is no such part. */
export function partOf(content: Uint8Array<ArrayBuffer>, { shards }: Division): Span {
  const [first, end] = content.byteLength < 2 * BYTES ? [0, 0] : new Int32Array(content.buffer, content.byteOffset, 2);
  if (first >= 0 && first < end && end <= shards) return { first, end };
  throw new Error(`shards ${first} to ${end} of ${shards} are no part of a window`);
}
