import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  automaticWindowsPerCall,
  flopsPerWindow,
  fractionDone,
  isDue,
  lastStep,
  rateAt,
  stepsToNext,
} from '../../src/trainer/schedule.js';

describe('the limits of a run', () => {
  it('are never reached where none is given', () => {
    expect(fractionDone({}, 1e9, 10, 1e9)).toBe(0);
    expect(lastStep({}, 10)).toBe(Infinity);
  });

  it('are a step, passes over the text or minutes', () => {
    expect(fractionDone({ steps: 200 }, 50, 10, 0)).toBe(0.25);
    expect(fractionDone({ epochs: 2 }, 5, 10, 0)).toBe(0.25);
    expect(fractionDone({ minutes: 2 }, 5, 10, 30)).toBe(0.25);
  });

  it('count by the one that comes first', () => {
    expect(fractionDone({ steps: 200, epochs: 10, minutes: 1 }, 50, 10, 0)).toBe(0.5);
    expect(fractionDone({ steps: 200, minutes: 1 }, 50, 10, 45)).toBe(0.75);
    expect(lastStep({ steps: 200, epochs: 10 }, 10)).toBe(100);
  });

  it('are done at once for 0 steps, and never more than wholly', () => {
    expect(fractionDone({ steps: 0 }, 0, 10, 0)).toBe(1);
    expect(fractionDone({ steps: 10 }, 30, 10, 0)).toBe(1);
  });

  it('round a part of an epoch up to whole steps', () => {
    expect(lastStep({ epochs: 0.25 }, 10)).toBe(3);
    expect(fractionDone({ epochs: 0.25 }, 3, 10, 0)).toBe(1);
  });
});

describe('what is due', () => {
  const interval = fc.integer({ min: 1, max: 50 });

  it('comes first at the step that stepsToNext names', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.array(interval, { minLength: 1, maxLength: 4 }), (step, intervals) => {
        const due = (at: number) => intervals.some((every) => isDue(at, every));
        const distance = stepsToNext(step, intervals);
        expect(distance).toBeGreaterThan(0);
        expect(due(step + distance)).toBe(true);
        for (let between = 1; between < distance; between++) expect(due(step + between)).toBe(false);
      }),
    );
  });

  it('never comes for an interval of 0', () => {
    expect(stepsToNext(7, [0])).toBe(Infinity);
    expect(stepsToNext(7, [])).toBe(Infinity);
    expect(stepsToNext(7, [0, 10])).toBe(3);
    expect(isDue(0, 0)).toBe(false);
  });
});

describe('the learning rate', () => {
  const steady = { learningRate: 0.1, learningRateRise: 'none', learningRateDecay: 'none' } as const;
  const falling = { ...steady, learningRateDecay: 'linear' } as const;

  it('stays without rise and decay', () => {
    expect(rateAt(steady, 0, 0)).toBe(0.1);
    expect(rateAt(steady, 99, 0.9)).toBe(0.1);
  });

  it('falls in a line to a twentieth at the limit', () => {
    expect(rateAt(falling, 0, 0)).toBe(0.1);
    expect(rateAt(falling, 7, 0.5)).toBeCloseTo(0.0525, 12);
    expect(rateAt(falling, 9, 1)).toBeCloseTo(0.005, 12);
  });

  it('rises with the root of the number of windows, the one that comes included, and may fall besides', () => {
    const rises = { learningRateRise: 'sqrt' } as const;
    expect([0, 3, 99].map((step) => rateAt({ ...steady, ...rises }, step, 0.5))).toEqual([0.1, 0.2, 1]);
    expect(rateAt({ ...falling, ...rises }, 99, 0.5)).toBeCloseTo(0.525, 12);
  });
});

describe('the windows of a call', () => {
  it('are many for a small step and one for a large one', () => {
    const small = { batchSize: 1, seqLength: 25, hiddenSize: 100, vocabularySize: 65 };
    const large = { batchSize: 64, seqLength: 64, hiddenSize: 512, vocabularySize: 65 };
    expect(flopsPerWindow(small)).toBe(6 * 25 * 100 * 165);
    const sizes = [small, { ...small, batchSize: 8 }, large];
    expect(sizes.map((size) => automaticWindowsPerCall(size))).toEqual([10, 4, 1]);
    expect(sizes.map((size) => automaticWindowsPerCall(size, true))).toEqual([50, 6, 1]);
  });

  it('are fewer where they are long, because each time step takes time to prepare', () => {
    const windows = [100, 250, 500, 5000].map((seqLength) =>
      automaticWindowsPerCall({ batchSize: 1, seqLength, hiddenSize: 8, vocabularySize: 65 }),
    );
    expect(windows).toEqual([10, 4, 2, 1]);
  });
});
