import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isFiniteState } from '../../src/model/parameters.js';
import { DivergedError } from '../../src/trainer/diverged.js';
import type { End, TrainingEvent, Validation } from '../../src/trainer/events.js';
import { loadPure } from '../../src/backends/pure.js';
import type { Trainer } from '../../src/trainer/trainer.js';
import { eventsOf, partsOf, smallRun, textOf, throughFile, timeless, trainerOf } from './runs.js';
import { scripted } from './scripted-model.js';

const NO_REPORTS = { reportEvery: 0, sampleEvery: 0 };

function endOf(events: readonly TrainingEvent[]): Pick<End, 'reason' | 'step'> {
  const last = events.at(-1);
  if (last?.type !== 'end') throw new Error('a run must end with its end');
  return { reason: last.reason, step: last.step };
}

async function divergenceOf(trainer: Trainer): Promise<DivergedError> {
  const error: unknown = await eventsOf(trainer).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DivergedError) return error;
  throw new Error('the run must diverge', { cause: error });
}

describe('a run ends', () => {
  it('at its limit of steps, epochs or minutes, and says so', async () => {
    const run = smallRun({ steps: 33 });
    expect(endOf(await eventsOf(trainerOf(scripted({}), run)))).toEqual({ reason: 'limit', step: 33 });
    const epochs = smallRun({ epochs: 1.5 }, textOf(200));
    const step = Math.ceil(1.5 * partsOf(epochs).streams.windowsPerEpoch);
    expect(endOf(await eventsOf(trainerOf(scripted({}), epochs)))).toEqual({ reason: 'limit', step });
    const minutes = await eventsOf(trainerOf(scripted({}), smallRun({ ...NO_REPORTS, minutes: 0.2 / 60 })));
    const end = minutes.at(-1);
    expect(end).toMatchObject({ type: 'end', reason: 'limit' });
    expect(end?.type === 'end' && end.elapsedSeconds).toBeGreaterThanOrEqual(0.2);
  });

  it('when its caller says so, with no validation to wait for', async () => {
    const run = smallRun({ validationFraction: 0.2, evalEvery: 1000, steps: 100 });
    const events = await eventsOf(trainerOf(scripted({}), run), 18);
    expect(endOf(events)).toEqual({ reason: 'stopped', step: 18 });
    expect(events.some(({ type }) => type === 'validation')).toBe(false);
  });

  it('after so many validations without a new best one', async () => {
    const script = { validation: (n: number) => [3, 2, 2.5, 2.4, 1.9, 1.95, 1.9, 1.92, 1][n] };
    const run = smallRun({ validationFraction: 0.2, evalEvery: 10, patience: 3 });
    const events = await eventsOf(trainerOf(scripted(script), run));
    const best = events.filter((event): event is Validation => event.type === 'validation').map(({ best }) => best);
    expect(best).toEqual([true, true, false, false, true, false, false, false]);
    expect(endOf(events)).toEqual({ reason: 'patience', step: 80 });
  });

  it('on patience that a run before it has begun', async () => {
    const run = smallRun({ validationFraction: 0.2, evalEvery: 10, patience: 3 });
    const first = trainerOf(scripted({ validation: (n) => 1 + n }), run);
    await eventsOf(first, 30);
    const second = trainerOf(scripted({ validation: () => 2 }), run, throughFile(run, await first.snapshot()));
    expect(endOf(await eventsOf(second))).toEqual({ reason: 'patience', step: 40 });
  });
});

describe('a signal', () => {
  it('that comes from outside is answered within a moment of training', async () => {
    let windows = 0;
    let atSignal = Infinity;
    const busy = () => {
      windows++;
      const until = performance.now() + 2;
      while (performance.now() < until);
    };
    const stop = new AbortController();
    setTimeout(() => {
      atSignal = windows;
      stop.abort();
    }, 120);
    // Nothing is due for a long time, so that only the clock can end a moment.
    const run = smallRun({ ...NO_REPORTS, evalEvery: 0 }, textOf(50_000));
    for await (const event of trainerOf(scripted({ onWindow: busy }), run).run(stop.signal)) void event;
    expect(windows).toBeGreaterThan(0);
    // A moment is 50 ms, and so 25 windows of 2 ms, and at most one call of 10 more.
    expect(windows - atSignal).toBeLessThanOrEqual(35);
  });

  it('before the first step ends the run there, without a sample', async () => {
    const events: TrainingEvent[] = [];
    for await (const event of trainerOf(scripted({}), smallRun()).run(AbortSignal.abort())) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(['end']);
  });

  it('at the first sample lets a step be done, so that the resumed run does not draw it again', async () => {
    const run = smallRun({ steps: 30 });
    const first = trainerOf(scripted({}), run);
    const events = await eventsOf(first, 0);
    expect(endOf(events).step).toBeGreaterThan(0);
    const second = trainerOf(scripted({}), run, throughFile(run, await first.snapshot()));
    const whole = await eventsOf(trainerOf(scripted({}), run));
    expect(timeless([...events, ...(await eventsOf(second))])).toEqual(timeless(whole));
  });
});

describe('a diverging run', () => {
  it.each([NaN, Infinity, 1e9])('ends when the loss becomes %d', async (bad) => {
    const loss = (step: number) => (step < 40 ? 10 : bad);
    const error = await divergenceOf(trainerOf(scripted({ loss }), smallRun({ steps: 1000 })));
    expect(error.step).toBeLessThan(60);
    expect(error.message).toMatch(
      /must stay below \d+ .* training has diverged; use a smaller --learning-rate than 0.05/,
    );
    expect(error.lastGood?.run.smoothLoss).toBeLessThan(20);
  });

  it('gives back a finite state even if no report has come', async () => {
    const error = await divergenceOf(trainerOf(await loadPure(), smallRun({ ...NO_REPORTS, learningRate: 100 })));
    if (!error.lastGood) throw new Error('there must be a state to go back to');
    expect(isFiniteState(error.lastGood.tensors)).toBe(true);
    expect(error.lastGood.run.step).toBeLessThan(error.step);
  });

  it('does not take a state for good whose weights are no numbers any more', async () => {
    const weight = (steps: number) => (steps < 100 ? 1 : NaN);
    const loss = (step: number) => (step < 200 ? 10 : NaN);
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
    onTestFinished(() => void vi.restoreAllMocks());
    const run = { ...smallRun({ ...NO_REPORTS, steps: 1000 }), windowsPerCall: 1 };
    const error = await divergenceOf(trainerOf(scripted({ loss, weight }), run));
    expect(error.lastGood?.run.step).toBeGreaterThan(0);
    expect(error.lastGood && isFiniteState(error.lastGood.tensors)).toBe(true);
  });

  it('also where only the last update has ruined the weights, which no loss shows', async () => {
    const trainer = trainerOf(scripted({ weight: (steps) => (steps < 33 ? 1 : NaN) }), smallRun({ steps: 33 }));
    const error = await divergenceOf(trainer);
    expect(error.message).toBe(
      'the weights must stay finite, but are not at step 33: training has diverged; ' +
        'use a smaller --learning-rate than 0.05 or a smaller --grad-clip',
    );
    expect(error.lastGood && isFiniteState(error.lastGood.tensors)).toBe(true);
    await expect(trainer.snapshot()).rejects.toThrow('the weights must stay finite');
    expect(await trainer.rescue()).toBe(error.lastGood);
  });
});
