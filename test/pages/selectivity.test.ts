import { describe, expect, it } from 'vitest';
import { bestOfAll, rankedFor } from '../../src/pages/browser/model/ranking.js';
import { RAREST, Selectivity } from '../../src/pages/browser/model/selectivity.js';
import { Random } from '../../src/sampling/random.js';

const H = 3;
const random = new Random(1);

/** Multiples of 4 and -127, each in a bin of its own. */
const activations = Int8Array.from({ length: 200 * H }, () => 4 * Math.floor(63 * random.uniform()) - 125);

function concordancesOf(values: readonly number[], levels: number): Float32Array {
  const selectivity = new Selectivity(H, [{ name: 'of the test', levels, values: Uint8Array.from(values) }]);
  // In parts, as a text is read.
  selectivity.add(0, activations.subarray(0, 70 * H));
  selectivity.add(70, activations.subarray(70 * H, values.length * H));
  return selectivity.concordances();
}

/** Of all pairs of characters of different levels, how often the unit is higher on that of the higher, ties half. */
function byPairs(values: readonly number[], unit: number): number {
  let [higher, pairs] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j < values.length; j++) {
      if (values[i] <= values[j]) continue;
      pairs++;
      const difference = activations[i * H + unit] - activations[j * H + unit];
      higher += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    }
  }
  return higher / pairs;
}

describe('the concordance', () => {
  it.each([2, 5])('is that of all pairs, for %i levels', (levels) => {
    const values = Array.from({ length: 200 }, () => Math.floor(levels * random.uniform() ** 2));
    const expected = Array.from({ length: H }, (_, unit) => byPairs(values, unit));
    concordancesOf(values, levels).forEach((value, unit) => expect(value).toBeCloseTo(expected[unit], 6));
  });

  it('is 1 for a unit that is higher on the whole class than anywhere else, 0 for one that is lower', () => {
    const median = [...activations.filter((_, i) => i % H === 0)].sort((a, b) => a - b)[100];
    const values = Array.from({ length: 200 }, (_, t) => Number(activations[t * H] > median));
    expect(concordancesOf(values, 2)[0]).toBe(1);
    expect(
      concordancesOf(
        values.map((value) => 1 - value),
        2,
      )[0],
    ).toBe(0);
  });

  it('is not given for a class, or a rest, of too few characters', () => {
    const ones = (count: number) => Array.from({ length: 200 }, (_, t) => Number(t < count));
    expect(concordancesOf(ones(RAREST - 1), 2)[0]).toBeNaN();
    expect(concordancesOf(ones(RAREST), 2)[0]).not.toBeNaN();
    expect(concordancesOf(ones(200 - RAREST + 1), 2)[0]).toBeNaN();
    expect(concordancesOf(ones(200 - RAREST), 2)[0]).not.toBeNaN();
  });
});

it('ranks units by how far they are from saying nothing, high or low, each with its best class', () => {
  const concordances = Float32Array.of(0.75, 0.125, 0.5, NaN, NaN, NaN, 0.625, 0.75, 0.25);
  const ranks = { classes: ['a', 'rare', 'b'], concordances };
  expect(bestOfAll(ranks)).toEqual([
    { unit: 1, feature: 0, concordance: 0.125 },
    { unit: 0, feature: 0, concordance: 0.75 },
    { unit: 2, feature: 2, concordance: 0.25 },
  ]);
  expect(rankedFor(ranks, 2).map(({ unit }) => unit)).toEqual([1, 2, 0]);
  expect(rankedFor(ranks, 1)).toEqual([]);
});
