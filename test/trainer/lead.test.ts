import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Lead } from '../../src/trainer/lead.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** A lead over a device that takes so many milliseconds a call, and the calls between its waits. */
async function callsBetweenWaits(msPerCall: number, waits: number, settle?: () => Promise<void>): Promise<number[]> {
  const lead = new Lead({ settle });
  const found: number[] = [];
  for (let wait = 0; wait < waits; wait++) {
    let calls = 1;
    while (!lead.isFullAfterCall() && calls < 1000) calls++;
    found.push(calls);
    await lead.wait(() => {
      vi.advanceTimersByTime(calls * msPerCall);
      return Promise.resolve();
    });
  }
  return found;
}

const settle = () => Promise.resolve();

it('grows as long as the device is done within a moment', async () => {
  expect(await callsBetweenWaits(1, 8, settle)).toEqual([1, 1, 2, 4, 8, 16, 32, 64]);
  expect((await callsBetweenWaits(1, 12, settle)).at(-1)).toBe(64);
});

it('is one call where a call takes long', async () => {
  expect(await callsBetweenWaits(7000, 4, settle)).toEqual([1, 1, 1, 1]);
});

it('has no bound where a call returns when it is done', async () => {
  expect(await callsBetweenWaits(7000, 2)).toEqual([1000, 1000]);
});

it('calls long what takes long alone, until two calls in a row are done within a moment', async () => {
  const lead = new Lead({ settle });
  const waitFor = async (ms: number) => {
    lead.isFullAfterCall();
    await lead.wait(() => Promise.resolve(void vi.advanceTimersByTime(ms)));
    return lead.areCallsLong;
  };
  const found = [];
  for (const ms of [1, 251, 100, 49, 49]) found.push(await waitFor(ms));
  expect(found).toEqual([false, true, true, true, false]);
});
