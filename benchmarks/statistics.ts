import { flopsPerWindow } from '../src/trainer/schedule.js';
import type { WindowSize } from '../src/model/parameters.js';

/** The middle and the extremes of repeated measurements, all in one unit. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The middle value; of an even number of values the mean of the two in the middle.
 * @throws RangeError for no values.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median needs at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  return (lower + upper) / 2;
}

/**
 * Median, smallest and largest value.
 * @throws RangeError for no values.
 */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** How many times as fast as the reference: its time over ours, by the medians of their rounds. */
export function ratio(referenceTimes: readonly number[], times: readonly number[]): number {
  return median(referenceTimes) / median(times);
}

/** Characters that one training step reads: B streams of T time steps. */
export function charactersPerStep(size: Pick<WindowSize, 'batchSize' | 'seqLength'>): number {
  return size.batchSize * size.seqLength;
}

/**
 * The work of one training step in GFLOP (10⁹ operations), counting the matrix products and a multiply-add as two:
 * forward `Whh h` and `Why h`, backward `Whhᵀ dhraw`, `Whyᵀ dy`, `dhraw hᵀ` and `dy hᵀ`.
 * A one-hot input makes `Wxh x` a look-up; tanh, softmax and Adagrad are left out.
 */
export function gflopPerStep(size: WindowSize, vocabularySize: number): number {
  return flopsPerWindow({ ...size, vocabularySize }) / 1e9;
}

/**
 * The x from which a ratio that rises with x is above 1, on a straight line between the logarithms of its neighbours.
 * 0 where it is above 1 from the first x on, Infinity where it never is.
 * @param points in the order of x.
 */
export function crossing(points: readonly { readonly x: number; readonly ratio: number }[]): number {
  const after = points.findIndex(({ ratio }) => ratio > 1);
  if (after < 0) return Infinity;
  if (after === 0) return 0;
  const [below, above] = points.slice(after - 1, after + 1);
  const part = -Math.log(below.ratio) / (Math.log(above.ratio) - Math.log(below.ratio));
  return below.x * (above.x / below.x) ** part;
}
