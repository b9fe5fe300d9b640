import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatRate, formatSignificant } from '../../src/format/numbers.js';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1234567, '1,234,567'],
    [2.5, '3'],
  ])('shows %d as %s', (value, shown) => {
    expect(formatCount(value)).toBe(shown);
  });

  it('has as many decimals as it is asked for, at most', () => {
    expect([formatCount(1.25, 1), formatCount(1, 1), formatCount(1234.5678, 3)]).toEqual(['1.3', '1', '1,234.568']);
  });
});

describe('formatRate', () => {
  it.each([
    [0, '0'],
    [949.6, '950'],
    [9999.4, '9,999'],
    [9999.6, '10.0k'],
    [48_230, '48.2k'],
    [999_949, '999.9k'],
    [999_951, '1.00M'],
    [1_254_000, '1.25M'],
  ])('shows %d as %s', (value, shown) => {
    expect(formatRate(value)).toBe(shown);
  });

  it('never needs more than 6 characters below a thousand million', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 999e6, noNaN: true }), (rate) => formatRate(rate).length <= 7));
    fc.assert(fc.property(fc.double({ min: 0, max: 99e6, noNaN: true }), (rate) => formatRate(rate).length <= 6));
  });
});

describe('formatSignificant', () => {
  it.each([
    [0.1, '0.1'],
    [0.028512, '0.0285'],
    [0.99996, '1'],
    [1.5e-7, '1.5e-7'],
    [1234, '1230'],
  ])('shows %d as %s', (value, shown) => {
    expect(formatSignificant(value)).toBe(shown);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 ** 2 - 1, '1024.0 KiB'],
    [1.25 * 1024 ** 2, '1.3 MiB'],
    [3000 * 1024 ** 3, '3000.0 GiB'],
  ])('shows %d bytes as %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe('formatDuration', () => {
  it.each([
    [-1, '0:00'],
    [7.4, '0:07'],
    [59.6, '1:00'],
    [750, '12:30'],
    [3599.6, '1:00:00'],
    [11_100, '3:05:00'],
    [86_399.9, '1d 00:00:00'],
    [2 * 86_400 + 11_100, '2d 03:05:00'],
  ])('shows %d seconds as %s', (seconds, shown) => {
    expect(formatDuration(seconds)).toBe(shown);
  });
});
