import { describe, expect, it } from 'vitest';
import { Follower } from '../../src/dashboard/follower.js';
import type { TrainingEvent } from '../../src/trainer/events.js';
import { progress } from '../cli/display/shown-run.js';

const report = (step: number): TrainingEvent => ({ ...progress(step), type: 'report' });
const endless = () => undefined;

describe('what an event changes on the dashboard', () => {
  it('is a point of the curve and the numbers for a report, the numbers alone for a sign of life', () => {
    const follower = new Follower(({ step }) => step / 400, 0);
    const { numbers } = follower.changeOf(progress(100));
    expect(numbers).toMatchObject({ step: 100, epoch: 0.1, fraction: 0.25, remainingSeconds: null, elapsedSeconds: 1 });
    const { training, ...rest } = follower.changeOf(report(200));
    expect(training).toEqual([[200, 2, 2.21428]]);
    expect(rest.numbers).toMatchObject({ fraction: 0.5, remainingSeconds: 2, charsPerSecond: 250_000 });
    expect(follower.changeOf(progress(300)).training).toBeUndefined();
  });

  it('has no fraction and no time left for an endless run', () => {
    const follower = new Follower(endless, 0);
    follower.changeOf(report(100));
    expect(follower.changeOf(report(200)).numbers).toMatchObject({ fraction: null, remainingSeconds: null });
  });

  it('puts a validation at the time of its step, and the best one apart', () => {
    const follower = new Follower(endless, 7);
    const validation = { type: 'validation', step: 150, natsPerChar: 2, bitsPerChar: 2 / Math.LN2 } as const;
    expect(follower.changeOf({ ...validation, best: true })).toMatchObject({
      validation: [[150, 7, 2]],
      best: [150, 7, 2],
    });
    follower.changeOf(progress(900));
    const later = follower.changeOf({ ...validation, step: 900, best: false });
    expect(later).toMatchObject({ validation: [[900, 9, 2]] });
    expect(later).not.toHaveProperty('best');
  });

  it('says that it validates, and how far that is, and then that it trains', () => {
    const follower = new Follower(endless, 0);
    const activity = { what: 'validating', fraction: 0.5 };
    expect(follower.changeOf({ type: 'validation-progress', fraction: 0.5 })).toEqual({ activity });
    expect(follower.changeOf(progress(1)).activity).toEqual({ what: 'training', fraction: null });
  });

  it('has the first thousand characters of a sample, none cut in two', () => {
    const follower = new Follower(endless, 0);
    const sampleOf = (text: string) => follower.changeOf({ type: 'sample', step: 1, text }).samples?.[0].text;
    expect(sampleOf('short')).toBe('short');
    expect(sampleOf('🙂'.repeat(5000))).toBe('🙂'.repeat(1000));
    expect(sampleOf('a'.repeat(1_000_000))).toBe('a'.repeat(1000));
  });
});
