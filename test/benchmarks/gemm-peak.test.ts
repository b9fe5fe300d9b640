import { expect, it } from 'vitest';
import { fasterOf, peakOf } from '../../benchmarks/peers/gemm-peak.js';

const first = { gflops: { 512: 100, 1024: 90 } };
const second = { gflops: { 512: 80, 1024: 120 } };

it('the peak of two measurements is the fastest at each size, and of all sizes', () => {
  expect(fasterOf(first, second)).toEqual({ gflops: { 512: 100, 1024: 120 } });
  expect(peakOf(fasterOf(second, first))).toBe(120);
});

it('a measurement that failed leaves the other one', () => {
  const absent = { absent: 'no answer' };
  expect([fasterOf(absent, first), fasterOf(second, absent), fasterOf(absent, absent)]).toEqual([
    first,
    second,
    absent,
  ]);
  expect(peakOf(absent)).toBeUndefined();
});
