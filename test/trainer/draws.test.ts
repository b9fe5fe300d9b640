import { expect, it } from 'vitest';
import { drawWindows } from '../../src/trainer/draws.js';

const chances = { resetProbability: 0.25, recurrentDropout: 0.2, seed: 5 };
const size = { batchSize: 2, hiddenSize: 3 };

/** Every `every`-th value, from the `first` on. */
const column = (values: Float32Array | undefined, every: number, first: number) => [
  ...(values ?? []).filter((_, i) => i % every === first),
];
const shareOf = (values: readonly number[], value: number) =>
  values.filter((each) => each === value).length / values.length;

it('draws for each step by itself: a call of several windows is the calls of one, from any step on', () => {
  const together = drawWindows(chances, size, 3, 40);
  const apart = Array.from({ length: 40 }, (_, i) => drawWindows(chances, size, 3 + i, 1));
  for (const name of ['kept', 'units'] as const) {
    expect(together?.[name]).toEqual(Float32Array.from(apart.flatMap((each) => [...(each?.[name] ?? [])])));
    expect(drawWindows({ ...chances, seed: 6 }, size, 3, 40)?.[name]).not.toEqual(together?.[name]);
  }
});

it('resets each stream as often as it is asked to, and by itself', () => {
  const { kept } = drawWindows(chances, size, 0, 8000) ?? {};
  const streams = [0, 1].map((b) => column(kept, 2, b));
  for (const stream of streams) {
    expect(new Set(stream)).toEqual(new Set([0, 1]));
    expect(Math.abs(shareOf(stream, 0) - 0.25)).toBeLessThan(0.02);
  }
  const both = streams[0].map((value, i) => value + streams[1][i]);
  expect(Math.abs(shareOf(both, 0) - 0.25 ** 2)).toBeLessThan(0.01);
});

it('drops each unit as often as it is asked to, by itself, and lets the others grow so that the mean stays 1', () => {
  const { units } = drawWindows(chances, size, 0, 8000) ?? {};
  const columns = [0, 1, 2].map((i) => column(units, 3, i));
  for (const values of columns) {
    expect(new Set(values)).toEqual(new Set([0, 1.25]));
    expect(Math.abs(shareOf(values, 0) - 0.2)).toBeLessThan(0.02);
  }
  const all = columns[0].map((value, i) => value + columns[1][i] + columns[2][i]);
  expect(Math.abs(shareOf(all, 0) - 0.2 ** 3)).toBeLessThan(0.004);
});

it('draws the same resets with and without dropped units', () => {
  expect(drawWindows({ ...chances, recurrentDropout: 0 }, size, 3, 1)).toEqual({
    kept: drawWindows(chances, size, 3, 1)?.kept,
    units: undefined,
  });
});

it('draws nothing where nothing is left to chance', () => {
  expect(drawWindows({ ...chances, resetProbability: 0, recurrentDropout: 0 }, size, 0, 9)).toBeUndefined();
  expect(drawWindows({ ...chances, resetProbability: 0 }, size, 0, 9)?.kept).toBeUndefined();
  expect(drawWindows({ ...chances, resetProbability: 1 }, size, 0, 2)?.kept).toEqual(new Float32Array(4));
});
