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

/** What is sent before the first window, and now and then: gradClip and weightDecay, parameters, memories. */
export function stateSizes(division: Division): number[] {
  return [2, ...parameterSizes(division), ...parameterSizes(division)];
}

/** What work may come with or without. */
export const EXTRAS = ['hidden', 'kept', 'units'] as const;
type Extra = (typeof EXTRAS)[number];

/** Whole numbers before all others: first and end shard of the part and of what `sumSizes` is sent of, extras as bits. */
const HEAD = 5;

/** What is sent to have a part computed: head, learning rate, inputs and targets (T b), extras that there are. */
export function workSizes(part: Span, division: Division, extras: readonly Extra[] = []): number[] {
  const { seqLength: T, hiddenSize: H } = division.config;
  const { streams } = streamsOf(part, division);
  const sizes = { hidden: streams * H, kept: streams, units: H };
  return [HEAD, 1, T * streams, T * streams, ...EXTRAS.map((name) => (extras.includes(name) ? sizes[name] : 0))];
}

/** What is sent of each of `sumsOf(part)`: a loss and gradients. */
export function sumSizes(part: Span, division: Division): number[] {
  const one = [1, ...parameterSizes(division)];
  return sumsOf(part, division).flatMap(() => one);
}

/** What comes back: `sumSizes` of the part, hidden (b, H). */
export function resultSizes(part: Span, division: Division): number[] {
  return [...sumSizes(part, division), streamsOf(part, division).streams * division.config.hiddenSize];
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

/** What a worker is to do with a window. */
export interface Work {
  /** What it computes. */
  readonly part: Span;
  /** Of what the sums come that its own lack: all shards, or those that it does not compute. */
  readonly rest: Span;
  readonly window: PartOfWindow;
}

/** What a part of a window is computed from, and the weights then changed by. */
export interface PartOfWindow {
  readonly rate: number;
  /** (T, b), time-major. */
  readonly inputs: Int32Array<ArrayBuffer>;
  readonly targets: Int32Array<ArrayBuffer>;
  /** The state before the window, (b, H); without it that after the same part of the window before. */
  readonly hidden: Float32Array<ArrayBuffer> | undefined;
  /** (b), see `WindowDraws`. */
  readonly kept: Float32Array<ArrayBuffer> | undefined;
  /** (H), see `WindowDraws`. */
  readonly units: Float32Array<ArrayBuffer> | undefined;
}

/** Work as it is sent, pieces of `workSizes`. */
export function writeWork({ part, rest, window }: Work): ArrayBufferView[] {
  const bits = EXTRAS.map((name, i) => (window[name] ? 1 << i : 0)).reduce((all, bit) => all | bit);
  const head = Int32Array.of(part.first, part.end, rest.first, rest.end, bits);
  const extras = EXTRAS.flatMap((name) => window[name] ?? []);
  return [head, Float32Array.of(window.rate), window.inputs, window.targets, ...extras];
}

/** The inverse: views of the content. @throws Error where it is no work. */
export function readWork(content: Uint8Array<ArrayBuffer>, division: Division): Work {
  const head = content.byteLength < BYTES * HEAD ? [] : new Int32Array(content.buffer, content.byteOffset, HEAD);
  const [first = 0, end = 0, restFirst = 0, restEnd = 0, bits = 0] = head;
  const part = requirePart({ first, end }, division);
  const rest = requirePart({ first: restFirst, end: restEnd }, division);
  const extras = EXTRAS.filter((_, i) => bits & (1 << i));
  const [, rate, inputs, targets, ...values] = split(content, workSizes(part, division, extras));
  const window = { rate: rate[0], inputs: asIntegers(inputs), targets: asIntegers(targets) };
  const [hidden, kept, units] = EXTRAS.map((name, i) => (extras.includes(name) ? values[i] : undefined));
  return { part, rest, window: { ...window, hidden, kept, units } };
}

/** The same bytes as whole numbers. */
function asIntegers(values: Float32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** @throws Error where there is no such part. */
function requirePart({ first, end }: Span, { shards }: Division): Span {
  if (first >= 0 && first < end && end <= shards) return { first, end };
  throw new Error(`shards ${first} to ${end} of ${shards} are no part of a window`);
}
