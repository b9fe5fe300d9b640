import { describe, expect, it } from 'vitest';
import { CHUNK, type SamplingModel } from '../../src/sampling/sampling-model.js';
import { Random } from '../../src/sampling/random.js';
import { generate, pick, PLAIN_SAMPLING, type SamplingOptions, textDraws } from '../../src/sampling/sampler.js';

const P = [0.2, 0.4, 0.1, 0.3];
/** ln p, shifted: only differences of logits count. */
const LOGITS = Float32Array.from(P, (p) => Math.log(p) + 5);
const GREEDY: SamplingOptions = { ...PLAIN_SAMPLING, greedy: true };

/** A generator that draws the given values; beyond them it fails the test. */
function scripted(...values: number[]): Random {
  return { uniform: () => values.shift() ?? expect.fail('one draw too many') } as Random;
}

/** How often each symbol is picked, as a part of 20,000 picks. */
function shares(options: Partial<SamplingOptions>, logits = LOGITS): number[] {
  const given = { ...PLAIN_SAMPLING, ...options };
  const [random, counts, picks] = [new Random(5), logits.map(() => 0), 20_000];
  for (const draw of textDraws(random, picks, given)) counts[pick(logits, draw, given)]++;
  return Array.from(counts, (count) => count / picks);
}

function expectShares(options: Partial<SamplingOptions>, weights: readonly number[], logits = LOGITS): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  shares(options, logits).forEach((share, i) => {
    expect(Math.abs(share - weights[i] / total), `symbol ${i}: ${share}`).toBeLessThan(0.015);
  });
}

/** The symbols that are picked by draws close together. */
function possible(options: Partial<SamplingOptions>, logits = LOGITS): number[] {
  const given = { ...PLAIN_SAMPLING, ...options };
  const draws = Float32Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000);
  return [...new Set(Array.from(draws, (draw) => pick(logits, draw, given)))].sort((a, b) => a - b);
}

describe('picking a symbol', () => {
  it('takes the first symbol at which the sum of the probabilities exceeds the draw', () => {
    const by = (draw: number) => pick(LOGITS, draw, PLAIN_SAMPLING);
    expect([1e-7, 0.199, 0.201, 0.599, 0.601, 0.699, 0.701, 0.9999999].map(by)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('draws from the softmax of the logits', () => expectShares({}, P));

  it.each([0.5, 2])('divides logits by the temperature: powers of p at %f', (temperature) => {
    expectShares({ temperature }, P.map((p) => p ** (1 / temperature))); // prettier-ignore
  });

  it('takes the most probable symbol when greedy, whatever the temperature', () => {
    const given = { ...GREEDY, temperature: 100 };
    const [draw] = textDraws(scripted(), 1, given);
    expect([pick(LOGITS, draw, given), pick(Float32Array.of(1, 7, 3, 7), draw, given)]).toEqual([1, 1]);
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
      const picked = (logit: number) => pick(new Float32Array(3).fill(logit), 0.1, { ...PLAIN_SAMPLING, ...options });
      expect([picked(1), picked(-Infinity), picked(NaN)]).toEqual([0, 0, 0]);
    },
  );

  it('stands logits that are huge, tiny, or minus infinity', () => {
    expectShares({}, [1, 1, 0], Float32Array.of(1e30, 1e30, -1e30).fill(1e4, 0, 2));
    expectShares({}, [0, 1, 0, 1], Float32Array.of(-Infinity, 0, -Infinity, 0));
    expect(possible({ topP: 0.9 }, Float32Array.of(-Infinity, 1e30, 0))).toEqual([1]);
    expect(shares({ temperature: 1e-6 })).toEqual([0, 1, 0, 0]);
  });
});

describe('the draws of a text', () => {
  it('are one draw each, in order, between 0 and 1', () => {
    const drawn = [0.5, 0.1, 0.9, 0, 1 - 2 ** -53];
    const draws = textDraws(scripted(...drawn), 5, PLAIN_SAMPLING);
    drawn.forEach((u, i) => expect(Math.abs(draws[i] - u)).toBeLessThanOrEqual(2 ** -24));
    expect([...draws].every((draw) => draw > 0 && draw < 1)).toBe(true);
  });

  it('are all the smallest one, without a draw, when greedy', () => {
    expect(textDraws(scripted(), 2, GREEDY)).toEqual(textDraws(scripted(0, 0), 2, PLAIN_SAMPLING));
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
    const chunk = (symbol: number, draws: Float32Array, sharpness: number) => {
      asked.push([symbol, draws.length]);
      let last = symbol;
      const options = { ...PLAIN_SAMPLING, temperature: 1 / sharpness };
      return Int32Array.from(draws, (draw) => (last = pick(slow.next(last), draw, options)));
    };
    const fast: SamplingModel = { ...counter(9), generate: chunk };
    const text = (model: SamplingModel, options: Partial<SamplingOptions> = {}) => [
      ...generate(model, 2, CHUNK + 7, { ...PLAIN_SAMPLING, temperature: 60, ...options }, new Random(4)),
    ];
    const expected = text(counter(9));
    expect(new Set(expected).size).toBe(9);
    expect(text(fast)).toEqual(expected);
    expect(asked).toEqual([[2, CHUNK], [expected[CHUNK - 1], 7]]); // prettier-ignore
    expect(text(fast, { topK: 3 })).toEqual(text(counter(9), { topK: 3 }));
    expect(text(fast, { topP: 0.5 })).toEqual(text(counter(9), { topP: 0.5 }));
    expect(asked).toHaveLength(2);
  });
});
