import { expect, it } from 'vitest';
import { keptStreams, resetsOf } from '../../src/trainer/resets.js';

const resets = { probability: 0.25, seed: 5 };

it('draws for each step by itself: a call of several windows is the calls of one, from any step on', () => {
  const together = [...keptStreams(resets, 3, 40, 3)];
  const apart = Array.from({ length: 40 }, (_, i) => [...keptStreams(resets, 3 + i, 1, 3)]);
  expect(together).toEqual(apart.flat());
  expect([...keptStreams({ ...resets, seed: 6 }, 3, 40, 3)]).not.toEqual(together);
});

it('resets each stream as often as it is asked to, and by itself', () => {
  const kept = keptStreams(resets, 0, 8000, 2);
  const streams = [0, 1].map((b) => kept.filter((_, i) => i % 2 === b));
  for (const stream of streams) {
    expect(new Set(stream)).toEqual(new Set([0, 1]));
    expect(Math.abs(stream.filter((value) => value === 0).length / 8000 - 0.25)).toBeLessThan(0.02);
  }
  const both = streams[0].filter((value, i) => value === 0 && streams[1][i] === 0).length / 8000;
  expect(Math.abs(both - 0.25 ** 2)).toBeLessThan(0.01);
});

it('keeps every state at probability 0, and none at 1', () => {
  expect(resetsOf({ resetProbability: 0, seed: 5 })).toBeUndefined();
  expect(resetsOf({ resetProbability: 0.25, seed: 5 })).toEqual(resets);
  expect([...keptStreams({ probability: 1, seed: 5 }, 0, 2, 2)]).toEqual([0, 0, 0, 0]);
});
