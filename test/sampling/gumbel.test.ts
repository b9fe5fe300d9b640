import { describe, expect, it } from 'vitest';
import { gumbelQuantile } from '../../src/sampling/gumbel.js';

const exact = (u: number) => -Math.log(-Math.log(u));

describe('gumbelQuantile', () => {
  it('is -log(-log u) within 1e-6, everywhere', () => {
    let worst = 0;
    // Steps that share nothing with the table's cells, and both ends.
    for (let i = 1; i < 1_000_003; i++)
      worst = Math.max(worst, Math.abs(gumbelQuantile(i / 1_000_003) - exact(i / 1_000_003)));
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-6);
    for (const u of [2 ** -53, 1e-9, 1e-4, 1 - 1e-4, 1 - 1e-9, 1 - 2 ** -53]) expect(gumbelQuantile(u)).toBe(exact(u));
  });

  it('never goes down', () => {
    expect(gumbelQuantile(0)).toBe(-Infinity);
    const values = Array.from({ length: 500_000 }, (_, i) => gumbelQuantile(i / 500_000));
    expect(values.findIndex((value, i) => value < values[i - 1])).toBe(-1);
  });
});
