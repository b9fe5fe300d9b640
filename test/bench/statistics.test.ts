import { describe, expect, it } from 'vitest';
import { gflopPerStep, ratio } from '../../benchmarks/rating.js';
import { crossing } from '../../benchmarks/suites/curves.js';
import { charactersPerStep, median, spread } from '../../src/bench/statistics.js';

describe('statistics', () => {
  it('takes the middle of an odd number of values, in any order, without changing them', () => {
    const values = [5, 1, 9];
    expect(median(values)).toBe(5);
    expect(values).toEqual([5, 1, 9]);
  });

  it('takes the mean of the middle two of an even number of values', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it('orders numbers as numbers, not as text', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  it('refuses to find the middle of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  it('reports the extremes beside the median', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  });

  it('calls a contestant with half the time twice as fast', () => {
    expect(ratio([4, 4, 100], [2, 2, 1])).toBe(2);
  });

  it('counts the characters and the matrix work of a step', () => {
    const size = { batchSize: 1, hiddenSize: 100, seqLength: 25 };
    expect(charactersPerStep({ batchSize: 32, seqLength: 25 })).toBe(800);
    expect(gflopPerStep(size, 65)).toBeCloseTo(0.002475, 9);
    expect(gflopPerStep({ ...size, batchSize: 32 }, 65)).toBeCloseTo(0.0792, 9);
  });

  it('finds where a ratio crosses one, between its neighbours', () => {
    const ratios = (...values: number[]) => values.map((ratio, i) => ({ x: 100 * 4 ** i, ratio }));
    expect(crossing(ratios(0.5, 2))).toBeCloseTo(200, 9);
    expect(crossing(ratios(0.1, 0.5, 8))).toBeCloseTo(400 * 4 ** 0.25, 9);
  });

  it('knows ratios that never cross one', () => {
    expect(crossing([{ x: 100, ratio: 2 }])).toBe(0);
    expect(crossing([{ x: 100, ratio: 0.5 }])).toBe(Infinity);
  });
});
