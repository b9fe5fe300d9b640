import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CHUNK } from '../../src/sampling/sampling-model.js';
import { generateUntil } from '../../src/sampling/generate-until.js';
import { Random } from '../../src/sampling/random.js';
import { generateInParts, PLAIN_SAMPLING, textDraws } from '../../src/sampling/sampler.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** Counts upwards, 10 ms a symbol, whatever the draws. */
const counter = {
  vocabularySize: 7,
  next(symbol: number) {
    vi.advanceTimersByTime(10);
    return Float32Array.from({ length: 7 }, (_, i) => (i === (symbol + 1) % 7 ? 100 : 0));
  },
  dispose() {},
};

const DRAWS = textDraws(new Random(1), 4 * CHUNK, PLAIN_SAMPLING);
const symbolsOf = (symbol: number, draws: Float32Array) =>
  Array.from(generateInParts(counter, symbol, draws, PLAIN_SAMPLING)).flatMap((part) => [...part]);

it('ends a sample with what it has where the signal comes, within 50 ms', async () => {
  const whole = symbolsOf(0, DRAWS);
  expect(await generateUntil(undefined, counter, 0, DRAWS, PLAIN_SAMPLING)).toEqual(whole);
  expect(await generateUntil(AbortSignal.abort(), counter, 0, DRAWS, PLAIN_SAMPLING)).toEqual(whole.slice(0, 5));
});

it('keeps all that a model gave in one call when the signal comes', async () => {
  const whole = symbolsOf(0, DRAWS);
  const generate = (symbol: number, part: Float32Array) => Int32Array.from(symbolsOf(symbol, part));
  const inChunks = { ...counter, generate };
  expect(await generateUntil(undefined, inChunks, 0, DRAWS, PLAIN_SAMPLING)).toEqual(whole);
  expect(await generateUntil(AbortSignal.abort(), inChunks, 0, DRAWS, PLAIN_SAMPLING)).toEqual(whole.slice(0, CHUNK));
});
