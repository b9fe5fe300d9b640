import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/trainer/pace.js';

describe('the rate of a run', () => {
  const mark = (elapsedSeconds: number, characters: number) => ({ elapsedSeconds, characters, charsPerSecond: 7 });

  it("is the mark's own until time has passed, then what came in between, however short", () => {
    const pace = new Pace();
    expect(pace.rate(mark(5, 1000))).toBe(7);
    expect(pace.rate(mark(5, 1000))).toBe(7);
    expect(pace.rate(mark(5.5, 1200))).toBe(400);
  });

  it('is that of the last three seconds, or of the last two marks where they are further apart', () => {
    const pace = new Pace();
    pace.rate(mark(0, 0));
    pace.rate(mark(1, 100));
    expect(pace.rate(mark(3.5, 2600))).toBeCloseTo(2600 / 3.5, 12);
    expect(pace.rate(mark(4, 2600))).toBeCloseTo(2500 / 3, 12);
    expect(pace.rate(mark(20, 4200))).toBe(100);
  });
});

describe('the time that is left', () => {
  it('follows from what was done since the run was first seen', () => {
    const pace = new Pace();
    expect(pace.remaining(100, 0.5)).toBeUndefined();
    expect(pace.remaining(110, 0.5)).toBeUndefined();
    expect(pace.remaining(120, 0.6)).toBeCloseTo(80, 9);
    expect(pace.remaining(200, 1)).toBe(0);
  });
});
