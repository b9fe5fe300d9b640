import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CHUNK } from '../../src/sampling/sampling-model.js';
import { generateUntil } from '../../src/sampling/generate-until.js';
import { Random } from '../../src/sampling/random.js';
import { generateWithNoise, gumbelNoise, PLAIN_SAMPLING } from '../../src/sampling/sampler.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** Counts upwards, 10 ms a symbol, whatever the noise. */
const counter = {
  vocabularySize: 7,
  next(symbol: number) {
    vi.advanceTimersByTime(10);
    return Float32Array.from({ length: 7 }, (_, i) => (i === (symbol + 1) % 7 ? 100 : 0));
  },
  dispose() {},
};

it('ends a sample with what it has where the signal comes, within 50 ms', async () => {
  const noise = gumbelNoise(new Random(1), 4 * CHUNK, 7, PLAIN_SAMPLING);
  const whole = [...generateWithNoise(counter, 0, noise, PLAIN_SAMPLING)];
  expect(await generateUntil(undefined, counter, 0, noise)).toEqual(whole);
  expect(await generateUntil(AbortSignal.abort(), counter, 0, noise)).toEqual(whole.slice(0, 5));
});

it('keeps all that a model gave in one call when the signal comes', async () => {
  const noise = gumbelNoise(new Random(1), 4 * CHUNK, 7, PLAIN_SAMPLING);
  const whole = [...generateWithNoise(counter, 0, noise, PLAIN_SAMPLING)];
  const generate = (symbol: number, part: Float32Array) =>
    Int32Array.from(generateWithNoise(counter, symbol, part, PLAIN_SAMPLING));
  const inChunks = { ...counter, generate };
  expect(await generateUntil(undefined, inChunks, 0, noise)).toEqual(whole);
  expect(await generateUntil(AbortSignal.abort(), inChunks, 0, noise)).toEqual(whole.slice(0, CHUNK));
});
