import { describe, expect, it } from 'vitest';
import { Random } from '../../src/sampling/random.js';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.uniform());

describe('a generator', () => {
  it('draws the same from the same seed, on every machine and in every version', () => {
    expect(draws(new Random(42), 3)).toEqual([0.2725744465111921, 0.14005348723065558, 0.7822142315707581]);
    expect(draws(new Random(42), 100)).toEqual(draws(new Random(42), 100));
  });

  it('draws something else from every other seed, 0 among them', () => {
    const firsts = [0, 1, 2, 42, 2 ** 31, 2 ** 32 - 1].map((seed) => new Random(seed).uniform());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('draws from neighbouring seeds as unalike as from any: the first draw of a run decides nothing', () => {
    for (const place of [0, 1, 2, 5, 60]) {
      const values = Array.from({ length: 4000 }, (_, seed) => draws(new Random(seed), place + 1)[place] - 0.5);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const products = values.slice(1).map((value, i) => 12 * value * values[i]);
      const correlation = products.reduce((sum, value) => sum + value, 0) / products.length;
      expect(Math.abs(mean), `mean of draw ${place}`).toBeLessThan(0.02);
      expect(Math.abs(correlation), `correlation of draw ${place}`).toBeLessThan(0.07);
    }
  });

  it('continues from its state as it would have continued itself', () => {
    const random = new Random(7);
    random.normals(5, 1);
    draws(random, 3);
    const state = JSON.parse(JSON.stringify(random.state)) as number[];
    expect(state).toHaveLength(4);
    const expected = [draws(random, 10), [...random.normals(9, 1)], draws(random, 2)];
    const resumed = Random.fromState(state);
    expect([draws(resumed, 10), [...resumed.normals(9, 1)], draws(resumed, 2)]).toEqual(expected);
    expect(resumed.state).toEqual(random.state);
  });

  it('of a step draws what depends on the seed and the step alone, unlike its neighbours', () => {
    expect(draws(Random.ofStep(42, 7), 3)).toEqual([0.3746819967554845, 0.07536077902119365, 0.13362193666331523]);
    const firsts = (seed: number) => Array.from({ length: 4000 }, (_, step) => Random.ofStep(seed, step).uniform());
    expect(firsts(3)).toEqual(firsts(3));
    expect(new Set([...firsts(3), ...firsts(4), new Random(3).uniform()]).size).toBe(8001);
    for (const values of [firsts(3), Array.from({ length: 4000 }, (_, seed) => Random.ofStep(seed, 9).uniform())]) {
      const mean = values.reduce((sum, value) => sum + value - 0.5, 0) / values.length;
      const products = values.slice(1).map((value, i) => 12 * (value - 0.5) * (values[i] - 0.5));
      expect(Math.abs(mean)).toBeLessThan(0.02);
      expect(Math.abs(products.reduce((sum, value) => sum + value, 0) / products.length)).toBeLessThan(0.07);
    }
  });

  it('is not moved by reading its state', () => {
    const random = new Random(7);
    const { state } = random;
    draws(random, 5);
    expect(draws(Random.fromState(state), 5)).toEqual(draws(new Random(7), 5));
  });
});

describe('its uniform draws', () => {
  it('lie in [0, 1), spread evenly', () => {
    const values = draws(new Random(1), 20_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = values.filter((value) => Math.floor(10 * value) === tenth).length / values.length;
      expect(Math.abs(share - 0.1), `from ${tenth / 10}`).toBeLessThan(0.01);
    }
  });
});

describe('its normal draws', () => {
  const values = [...new Random(3).normals(50_000, 0.01)];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (limit: number) => values.filter((value) => Math.abs(value) < limit).length / values.length;

  it('have mean 0 and the deviation asked for', () => {
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01 * 0.02);
    expect(Math.abs(Math.sqrt(variance) / 0.01 - 1)).toBeLessThan(0.02);
  });

  it('lie within one, two and three deviations as often as a bell says', () => {
    expect(Math.abs(share(0.01) - 0.6827)).toBeLessThan(0.01);
    expect(Math.abs(share(0.02) - 0.9545)).toBeLessThan(0.005);
    expect(Math.abs(share(0.03) - 0.9973)).toBeLessThan(0.002);
  });

  it('do not follow one another', () => {
    const products = values.slice(1).map((value, i) => (value * values[i]) / 0.01 ** 2);
    expect(Math.abs(products.reduce((sum, value) => sum + value, 0) / products.length)).toBeLessThan(0.02);
  });
});
