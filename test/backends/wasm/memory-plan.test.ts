import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALIGNMENT, type Lifetime, planMemory } from '../../../src/backends/wasm/memory-plan.js';

const lifetime = fc
  .record({ bytes: fc.constantFrom(0, 4, 400, 401, 4096), first: fc.integer({ min: -1, max: 30 }), steps: fc.nat(12) })
  .chain(({ bytes, first, steps }) =>
    fc.constantFrom<Lifetime>({ bytes, first, last: first + steps }, { bytes, first, last: Infinity }),
  );

it('never puts two tensors in one place that are needed at the same time', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 60 }), (lifetimes) => {
      const { offsets, bytes } = planMemory(lifetimes);
      expect(offsets).toHaveLength(lifetimes.length);
      lifetimes.forEach((a, i) => {
        expect(offsets[i] % ALIGNMENT).toBe(0);
        expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
        for (const [j, b] of lifetimes.slice(0, i).entries()) {
          const sameTime = a.first <= b.last && b.first <= a.last;
          const samePlace = offsets[i] < offsets[j] + b.bytes && offsets[j] < offsets[i] + a.bytes;
          expect(sameTime && samePlace, `tensors ${j} and ${i}`).toBe(false);
        }
      });
    }),
  );
});

it('uses memory again: a chain of tensors of one size needs the place of two, whatever its length', () => {
  const chain = Array.from({ length: 1000 }, (_, i) => ({ bytes: 400, first: i, last: i + 1 }));
  expect(planMemory(chain).bytes).toBe(2 * 448);
});

it('keeps what was there before the first step as long as it is read, and outputs to the end', () => {
  const lifetimes = [
    { bytes: 64, first: -1, last: 1 },
    { bytes: 64, first: 0, last: Infinity },
    { bytes: 64, first: 2, last: 2 },
    { bytes: 64, first: 3, last: Infinity },
  ];
  expect(planMemory(lifetimes)).toEqual({ offsets: [0, 64, 0, 0], bytes: 128 });
  expect(planMemory([])).toEqual({ offsets: [], bytes: 0 });
});
