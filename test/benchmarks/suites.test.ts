import { describe, expect, it } from 'vitest';
import { lowest, secondsToReach, validationTimes } from '../../benchmarks/suites/curves.js';
import { flatness } from '../../benchmarks/suites/flatness.js';
import { bestRule, judge } from '../../benchmarks/suites/thread-rules.js';

describe('a learning curve', () => {
  const points = [
    { seconds: 1, steps: 10, natsPerChar: 4 },
    { seconds: 3, steps: 30, natsPerChar: 2 },
    { seconds: 5, steps: 50, natsPerChar: 2.5 },
  ];

  it('is validated more often where it is steep, and at its end', () => {
    expect(validationTimes(100, 4)).toEqual([6.25, 25, 56.25, 100]);
  });

  it('reaches a level between two points', () => {
    expect(secondsToReach(points, 3)).toBe(2);
    expect(secondsToReach(points, 2)).toBe(3);
  });

  it('reaches a high level at once and a low one never', () => {
    expect(secondsToReach(points, 4.5)).toBe(1);
    expect(secondsToReach(points, 1.9)).toBe(Infinity);
  });

  it('has a lowest point, which need not be the last', () => {
    expect(lowest(points)).toBe(points[1]);
    expect(() => lowest([])).toThrow(RangeError);
  });
});

describe('the flatness of memory', () => {
  const points = [90, 50, 52, 49, 51].map((resident, i) => ({ step: 1000 * (i + 1), tensors: 11 + (i % 2), resident }));

  it('compares with the first point after the warm-up', () => {
    const found = flatness(points, 2000);
    expect(found).toEqual({
      first: points[1],
      last: points[4],
      tensorDeviation: 1,
      residentDeviation: 2,
      residentPart: 0.04,
    });
  });

  it('counts what is given back as a deviation too', () => {
    const shrunk = [...points, { step: 6000, tensors: 11, resident: 25 }];
    expect(flatness(shrunk, 2000)).toMatchObject({ residentDeviation: 25, residentPart: 0.5 });
  });

  it('takes half of a short run for its warm-up', () => {
    expect(flatness(points, 10_000).first).toBe(points[2]);
  });

  it('needs a point', () => {
    expect(() => flatness([], 1)).toThrow(RangeError);
  });
});

describe('a rule for threads', () => {
  const cell = (batchSize: number, hiddenSize: number, ...ms: number[]) => ({ problem: { batchSize, hiddenSize }, ms });
  /** The second setting is better from B H = 800 on. */
  const cells = [cell(1, 100, 1, 3), cell(1, 500, 2, 3), cell(8, 100, 6, 4), cell(8, 500, 20, 10)];

  it('loses the time above the best of each size', () => {
    expect(judge(cells, [0, 0, 0, 0])).toEqual({ worst: 1, mean: 0.375 });
    expect(judge(cells, [0, 0, 1, 1])).toEqual({ worst: 0, mean: 0 });
  });

  it('is found with its settings and its threshold, the best formula first', () => {
    const [best, ...others] = bestRule(cells);
    expect(best).toEqual({ name: 'B H >= 800', small: 0, large: 1, threshold: 800, worst: 0, mean: 0 });
    expect(others.find(({ name }) => name.startsWith('H '))?.worst).toBeGreaterThan(0);
  });
});
