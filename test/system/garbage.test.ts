import { expect, it } from 'vitest';
import { ArrayCollector } from '../../src/system/garbage.js';

const MEBIBYTE = 2 ** 20;

/** The most MiB that arrays took at any time while so many of a MiB each were made and dropped. @param drop hears of each. */
function mostHeld(arrays: number, drop: (bytes: number) => void): number {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let i = 0; i < arrays; i++) {
    drop(new Float32Array(MEBIBYTE / 4).byteLength);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  return most / MEBIBYTE;
}

it('frees arrays that are counted long before V8 would', () => {
  const collector = new ArrayCollector();
  expect(mostHeld(64, (bytes) => collector.count(bytes))).toBeLessThan(10);
});
