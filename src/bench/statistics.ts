import type { Size } from './request.js';

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

/** Characters that one training step reads: B streams of T time steps. */
export function charactersPerStep(size: Pick<Size, 'batchSize' | 'seqLength'>): number {
  return size.batchSize * size.seqLength;
}
