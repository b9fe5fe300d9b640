import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { Heap } from '../src/heap.js';

afterEach(() => void vi.useRealTimers());

/** Something that nothing refers to any more, as V8 sees it. */
function garbage(): WeakRef<object> {
  return new WeakRef({ large: new Array(1000).fill(0) });
}

it('collects all garbage once a while has passed, and not before', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const heap = new Heap();
  const reference = garbage();
  await setImmediate();
  vi.advanceTimersByTime(9_000);
  heap.tidy();
  expect(reference.deref()).toBeDefined();
  // What was just looked at stays until the next turn of the event loop.
  await setImmediate();
  vi.advanceTimersByTime(2_000);
  heap.tidy();
  expect(reference.deref()).toBeUndefined();
});
