import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Stopwatch } from '../../src/trainer/stopwatch.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

it('adds up the time between start and stop to what counted before, also while it runs', () => {
  const watch = new Stopwatch(10);
  vi.advanceTimersByTime(1000);
  expect(watch.seconds).toBe(10);
  watch.start();
  vi.advanceTimersByTime(2000);
  watch.start();
  expect(watch.seconds).toBe(12);
  watch.stop();
  vi.advanceTimersByTime(4000);
  watch.stop();
  expect(watch.seconds).toBe(12);
  watch.start();
  vi.advanceTimersByTime(500);
  expect(watch.seconds).toBe(12.5);
});
