import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { HeapCollector } from '../../src/run/heap-collector.js';

afterEach(() => void vi.useRealTimers());

/** Something that nothing refers to any more, as V8 sees it. */
function garbage(): WeakRef<object> {
  return new WeakRef({ large: new Array(1000).fill(0) });
}

/** Whether garbage is there after so many milliseconds more. */
async function outlives(heap: HeapCollector, ms: number): Promise<boolean> {
  const reference = garbage();
  // What was just looked at stays until the next turn of the event loop.
  await setImmediate();
  vi.advanceTimersByTime(ms);
  heap.collectIfDue();
  return reference.deref() !== undefined;
}

it('collects all garbage soon after the start, then every ten seconds, and not in between', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const heap = new HeapCollector();
  expect(await outlives(heap, 900)).toBe(true);
  await setImmediate();
  expect(await outlives(heap, 200)).toBe(false);
  expect(await outlives(heap, 9_000)).toBe(true);
  await setImmediate();
  expect(await outlives(heap, 2_000)).toBe(false);
});
