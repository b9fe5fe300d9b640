import { describe, expect, it } from 'vitest';
import { CHUNK, type SamplingModel } from '../../src/sampling/sampling-model.js';
import { gumbelQuantile } from '../../src/sampling/gumbel.js';
import { Random } from '../../src/sampling/random.js';
import { generate, gumbelNoise, pick, PLAIN_SAMPLING, type SamplingOptions } from '../../src/sampling/sampler.js';

const P = [0.2, 0.4, 0.1, 0.3];
/** ln p, shifted: only differences of logits count. */
const LOGITS = Float32Array.from(P, (p) => Math.log(p) + 5);
const GREEDY: SamplingOptions = { ...PLAIN_SAMPLING, greedy: true };

/** A generator that draws the given values; beyond them it fails the test. */
function scripted(...values: number[]): Random {
  const uniform = () => values.shift() ?? expect.fail('one draw too many');
  return { uniforms: (draws: Float64Array) => draws.forEach((_, i) => (draws[i] = uniform())) } as Random;
}

/** How often each symbol is picked, as a part of 20,000 picks. */
function shares(options: Partial<SamplingOptions>, logits = LOGITS): number[] {
  const given = { ...PLAIN_SAMPLING, ...options };
  const [random, counts, picks] = [new Random(5), logits.map(() => 0), 20_000];
  for (let i = 0; i < picks; i++) counts[pick(logits, gumbelNoise(random, 1, logits.length, given), given)]++;
  return Array.from(counts, (count) => count / picks);
}

function expectShares(options: Partial<SamplingOptions>, weights: readonly number[], logits = LOGITS): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  shares(options, logits).forEach((share, i) => {
    expect(Math.abs(share - weights[i] / total), `symbol ${i}: ${share}`).toBeLessThan(0.015);
  });
}

/** The symbols that can be picked at all: those that are when noise favours them. */
function possible(options: Partial<SamplingOptions>, logits = LOGITS): number[] {
  const favouring = (symbol: number) => logits.map((_, i) => (i === symbol ? 1e6 : 0));
  const picked = [...logits.keys()].map((i) => pick(logits, favouring(i), { ...PLAIN_SAMPLING, ...options }));
  return [...new Set(picked)].sort();
}

describe('picking a symbol', () => {
  it('takes the largest sum of logit and noise, the first of equals', () => {
    const by = (...noise: number[]) => pick(Float32Array.of(1, 2, 3), Float32Array.from(noise), PLAIN_SAMPLING);
    expect([by(0, 0, 0), by(2.5, 0, 0), by(0, 1.5, 0), by(2, 1, 0)]).toEqual([2, 0, 1, 0]);
  });

  it('draws from the softmax of the logits', () => expectShares({}, P));

  it.each([0.5, 2])('divides logits by the temperature: powers of p at %f', (temperature) => {
    expectShares({ temperature }, P.map((p) => p ** (1 / temperature))); // prettier-ignore
  });

  it('takes the most probable symbol when greedy, whatever the temperature', () => {
    const noise = gumbelNoise(scripted(), 1, 4, { ...GREEDY, temperature: 100 });
    expect(pick(LOGITS, noise, GREEDY)).toBe(1);
  });

  it.each<[string, Partial<SamplingOptions>, number[]]>([
    ['top-k 1: the most probable', { topK: 1 }, [1]],
    ['top-k 2: 0.4 and 0.3', { topK: 2 }, [1, 3]],
    ['top-k 0: all', { topK: 0 }, [0, 1, 2, 3]],
    ['top-k beyond all: all', { topK: 9 }, [0, 1, 2, 3]],
    ['top-p 0.39: 0.4 alone reaches it', { topP: 0.39 }, [1]],
    ['top-p 0.41: 0.4 and 0.3', { topP: 0.41 }, [1, 3]],
    ['top-p 0.71: 0.4, 0.3 and 0.2', { topP: 0.71 }, [0, 1, 3]],
    ['top-p 0.91: all', { topP: 0.91 }, [0, 1, 2, 3]],
    ['top-p next to nothing: still one', { topP: 1e-9 }, [1]],
    ['top-p of what top-k leaves: 0.7 of 0.9 is enough for 0.77', { topK: 3, topP: 0.77 }, [1, 3]],
    ['top-p after the temperature: p² is 16, 9, 4, 1 of 30', { topP: 0.52, temperature: 0.5 }, [1]],
  ])('leaves with %s', (_, options, expected) => {
    expect(possible(options)).toEqual(expected);
  });

  it('draws from what is left in proportion', () => {
    expectShares({ topK: 2 }, [0, 0.4, 0, 0.3]);
    expectShares({ topP: 0.71, temperature: 0.5 }, [0, 0.16, 0, 0.09]);
  });

  it('keeps the first of equally probable symbols', () => {
    expect(possible({ topK: 2 }, new Float32Array(4))).toEqual([0, 1]);
  });

  it('keeps no more of equally probable symbols than reach the part asked for', () => {
    expect(possible({ topP: 0.5 }, new Float32Array(4))).toEqual([0, 1]);
    expect(possible({ topK: 40 }, new Float32Array(100))).toHaveLength(40);
  });

  it.each([-1000, 1000])('knows logits by their differences alone, here with %i added to each', (shift) => {
    const shifted = LOGITS.map((logit) => logit + shift);
    expect(possible({ topP: 0.41 }, shifted)).toEqual([1, 3]);
    expect(possible({ topP: 0.71 }, shifted)).toEqual([0, 1, 3]);
  });

  it.each<Partial<SamplingOptions>>([{}, { topK: 2 }, { topP: 0.5 }])(
    'always picks one that is left: %j',
    (options) => {
      const picked = (logit: number, noise: number) =>
        pick(new Float32Array(3).fill(logit), new Float32Array(3).fill(noise), { ...PLAIN_SAMPLING, ...options });
      expect([picked(1, -Infinity), picked(-Infinity, 0), picked(NaN, 0)]).toEqual([0, 0, 0]);
    },
  );

  it('stands logits that are huge, tiny, or minus infinity', () => {
    expectShares({}, [1, 1, 0], Float32Array.of(1e30, 1e30, -1e30).fill(1e4, 0, 2));
    expectShares({}, [0, 1, 0, 1], Float32Array.of(-Infinity, 0, -Infinity, 0));
    expect(possible({ topP: 0.9 }, Float32Array.of(-Infinity, 1e30, 0))).toEqual([1]);
    expect(shares({ temperature: 1e-6 })).toEqual([0, 1, 0, 0]);
  });
});

describe('the noise of a text', () => {
  it('is -temperature ln(-ln u) of one draw each, in order', () => {
    const draws = [0.5, 0.1, 0.9, 0.3, 0.7, 0.2];
    const noise = gumbelNoise(scripted(...draws), 2, 3, { ...PLAIN_SAMPLING, temperature: 2 });
    expect(noise).toEqual(Float32Array.from(draws, (u) => 2 * gumbelQuantile(u)));
    draws.forEach((u, i) => expect(noise[i]).toBeCloseTo(-2 * Math.log(-Math.log(u)), 5));
  });

  it('is never greater than infinite or not a number, whatever is drawn', () => {
    const noise = gumbelNoise(scripted(0, 1 - 2 ** -53), 1, 2, PLAIN_SAMPLING);
    expect([...noise].every((value) => value < Infinity)).toBe(true);
  });

  it('is zero without a draw when greedy', () => {
    expect(gumbelNoise(scripted(), 2, 2, GREEDY)).toEqual(new Float32Array(4));
  });
});

/** A model that wants the successor of what it reads, and notes what it read. */
function counter(vocabularySize: number): SamplingModel & { read: number[] } {
  const read: number[] = [];
  const next = (symbol: number) => {
    read.push(symbol);
    return Float32Array.from({ length: vocabularySize }, (_, i) => (i === (symbol + 1) % vocabularySize ? 100 : 0));
  };
  return { vocabularySize, read, next, dispose: () => undefined };
}

describe('generating text', () => {
  const successors = (symbol: number, length: number, V: number) =>
    Array.from({ length }, (_, i) => (symbol + 1 + i) % V);

  it('starts with what follows the given symbol and reads each symbol that it wrote, once and in order', () => {
    const model = counter(7);
    expect([...generate(model, 3, 6, GREEDY, scripted())]).toEqual([4, 5, 6, 0, 1, 2]);
    expect(model.read).toEqual([3, 4, 5, 6, 0, 1]);
  });

  it('continues a prime text that was read symbol by symbol', () => {
    const model = counter(7);
    for (const symbol of [2, 0]) model.next(symbol);
    expect([...generate(model, 5, 2, GREEDY, scripted())]).toEqual([6, 0]);
    expect(model.read).toEqual([2, 0, 5, 6]);
  });

  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])('has %i symbols when asked', (length) => {
    expect([...generate(counter(11), 4, length, GREEDY, scripted())]).toEqual(successors(4, length, 11));
  });

  it('generates without end, a symbol at a time', () => {
    const endless = generate(counter(5), 0, Infinity, PLAIN_SAMPLING, new Random(1));
    const first = Array.from({ length: 2 * CHUNK + 3 }, () => endless.next().value);
    expect(first).toEqual(successors(0, first.length, 5));
  });

  it('is the same text from a model that generates whole chunks, and from one that cannot', () => {
    const asked: [number, number][] = [];
    const slow = counter(9);
    const chunk = (symbol: number, noise: Float32Array) => {
      asked.push([symbol, noise.length]);
      const symbols: number[] = [];
      for (let i = 0; i < noise.length / 9; i++) {
        symbols.push(pick(slow.next(symbols.at(-1) ?? symbol), noise.subarray(9 * i, 9 * (i + 1)), PLAIN_SAMPLING));
      }
      return Int32Array.from(symbols);
    };
    const fast: SamplingModel = { ...counter(9), generate: chunk };
    const text = (model: SamplingModel, options: Partial<SamplingOptions> = {}) => [
      ...generate(model, 2, CHUNK + 7, { ...PLAIN_SAMPLING, temperature: 60, ...options }, new Random(4)),
    ];
    const expected = text(counter(9));
    expect(new Set(expected).size).toBe(9);
    expect(text(fast)).toEqual(expected);
    expect(asked).toEqual([[2, CHUNK * 9], [expected[CHUNK - 1], 7 * 9]]); // prettier-ignore
    expect(text(fast, { topK: 3 })).toEqual(text(counter(9), { topK: 3 }));
    expect(text(fast, { topP: 0.5 })).toEqual(text(counter(9), { topP: 0.5 }));
    expect(asked).toHaveLength(2);
  });
});
