import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report, TrainingEvent } from '../../src/trainer/events.js';
import { Trainer } from '../../src/trainer/trainer.js';
import { scripted } from './scripted-model.js';
import { eventsOf, inParts, partsOf, smallRun, textOf, throughFile, trainerOf } from './runs.js';

const stepsOf = (events: readonly TrainingEvent[], type: TrainingEvent['type']) =>
  events.flatMap((event) => (event.type === type && 'step' in event ? [event.step] : []));

const reportsOf = (events: readonly TrainingEvent[]) =>
  events.filter((event): event is Report => event.type === 'report');

const upTo = (last: number, every: number) =>
  Array.from({ length: Math.floor(last / every) }, (_, i) => (i + 1) * every);

describe('the events of a run', () => {
  it.each([1, 3, 7, 10, 100])(
    'fall at the multiples of their intervals with %i windows a call',
    async (windowsPerCall) => {
      const options = { steps: 100, reportEvery: 9, sampleEvery: 15, evalEvery: 22, validationFraction: 0.1 };
      const run = { ...smallRun(options), windowsPerCall };
      const events = await eventsOf(trainerOf(scripted({}), run));
      expect(stepsOf(events, 'report')).toEqual(upTo(100, 9));
      expect(stepsOf(events, 'sample')).toEqual([0, ...upTo(100, 15)]);
      expect(stepsOf(events, 'validation')).toEqual([...upTo(100, 22), 100]);
      expect(stepsOf(events, 'end')).toEqual([100]);
    },
  );

  it('come in the order of their steps: report, sample, validation, and last the sign of life', async () => {
    const options = { steps: 20, reportEvery: 10, sampleEvery: 10, evalEvery: 10, validationFraction: 0.1 };
    const events = await eventsOf(trainerOf(scripted({}), smallRun(options)));
    const due = ['report', 'sample', 'validation', 'progress'];
    expect(events.map(({ type }) => type)).toEqual(['sample', ...due, ...due, 'end']);
  });

  it('are the history that a snapshot holds', async () => {
    const options = { steps: 40, reportEvery: 10, evalEvery: 15, validationFraction: 0.1 };
    const trainer = trainerOf(scripted({}), smallRun(options));
    const events = await eventsOf(trainer);
    const { run } = await trainer.snapshot();
    const pointsOf = (type: 'report' | 'validation') =>
      events.flatMap((event) => (event.type === type ? [{ step: event.step, natsPerChar: event.natsPerChar }] : []));
    expect(run.validation.map(({ step }) => step)).toEqual([15, 30, 40]);
    expect(run).toMatchObject({ training: pointsOf('report'), validation: pointsOf('validation') });
  });

  it('have a sign of life wherever the caller wants to save', async () => {
    const options = { steps: 60, reportEvery: 0, sampleEvery: 0 };
    const events = await eventsOf(trainerOf(scripted({}), smallRun(options), undefined, { checkpointEvery: 25 }));
    expect(stepsOf(events, 'progress')).toEqual(expect.arrayContaining([25, 50]));
  });

  it('tell no sample and no report where the intervals are 0', async () => {
    const events = await eventsOf(trainerOf(scripted({}), smallRun({ steps: 60, reportEvery: 0, sampleEvery: 0 })));
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['progress', 'end']));
  });

  it('begin with no sample for a run of 0 steps', async () => {
    expect((await eventsOf(trainerOf(scripted({}), smallRun({ steps: 0 })))).map(({ type }) => type)).toEqual(['end']);
  });

  it('have samples of the wanted length from the symbols of the text', async () => {
    const run = smallRun({ steps: 0, sampleLength: 70 });
    const [event] = await eventsOf(trainerOf(scripted({}), { ...run, options: { ...run.options, steps: 1 } }));
    if (event.type !== 'sample') throw new Error('a run must begin with a sample');
    expect([...event.text].length).toBe(70);
    expect(run.corpus.vocabulary.encode(event.text).length).toBe(70);
  });
});

describe('the numbers of a report', () => {
  const loss = (step: number) => 20 + 10 * Math.sin(step);
  const run = smallRun({ steps: 50, reportEvery: 5, batchSize: 2 }, textOf(400));
  const { seqLength: T, batchSize: B } = run.options;

  it('smooth the raw losses from a uniform guess on: 0.999 of the old and 0.001 of the new', async () => {
    const reports = reportsOf(await eventsOf(trainerOf(scripted({ loss }), run)));
    let smooth = -Math.log(1 / run.corpus.vocabulary.size) * T;
    for (let step = 0; step < 50; step++) {
      smooth = 0.999 * smooth + 0.001 * Math.fround(loss(step));
      const report = reports.find((report) => report.step === step + 1);
      if (report) expect([report.smoothLoss, report.loss]).toEqual([smooth, Math.fround(loss(step))]);
    }
    expect(reports.length).toBe(10);
  });

  it('count characters and passes, and give the loss a character in nats and bits', async () => {
    const { windowsPerEpoch } = partsOf(run).streams;
    for (const report of reportsOf(await eventsOf(trainerOf(scripted({ loss }), run)))) {
      expect(report.characters).toBe(report.step * T * B);
      expect(report.epoch).toBe(report.step / windowsPerEpoch);
      expect(report.natsPerChar).toBe(report.smoothLoss / T);
      expect(report.bitsPerChar).toBeCloseTo(report.natsPerChar * Math.LOG2E, 12);
      expect(report.charsPerSecond).toBeGreaterThan(0);
    }
  });

  it('go into the history', async () => {
    const trainer = trainerOf(scripted({ loss }), run);
    const reports = reportsOf(await eventsOf(trainer));
    const { training } = (await trainer.snapshot()).run;
    expect(training).toEqual(reports.map(({ step, natsPerChar }) => ({ step, natsPerChar })));
  });
});

describe('the smoothed loss of weights that have learnt before', () => {
  const run = smallRun({ steps: 3, reportEvery: 1 });
  const uniform = Math.log(run.corpus.vocabulary.size) * run.options.seqLength;
  const smoothed = async (loss: (step: number) => number) => {
    const { parts } = trainerOf(scripted({ loss }), run);
    return reportsOf(await eventsOf(new Trainer({ ...parts, pretrained: true }))).map(({ smoothLoss }) => smoothLoss);
  };

  it('starts at the loss of the first window', async () => {
    const second = 0.999 * 5 + 0.001 * 6;
    expect(await smoothed((step) => 5 + step)).toEqual([5, second, 0.999 * second + 0.001 * 7]);
  });

  it('starts at a uniform guess where that is lower, so that one bad window is no divergence', async () => {
    const [first, second] = await smoothed((step) => (step === 0 ? 100 * uniform : 1));
    expect([first, second]).toEqual([uniform, 0.999 * uniform + 0.001]);
  });

  it('is no longer started by a run that goes on, but is by one that goes on from its step 0', async () => {
    const runtime = scripted({ loss: () => 5 });
    const first = new Trainer({ ...trainerOf(runtime, run).parts, pretrained: true });
    const initial = throughFile(run, await first.snapshot());
    await eventsOf(first, 1);
    const later = throughFile(run, await first.snapshot());
    const goOn = async (from: typeof initial) =>
      reportsOf(await eventsOf(trainerOf(scripted({ loss: () => 6 }), run, from)))[0];
    expect((await goOn(initial)).smoothLoss).toBe(6);
    expect((await goOn(later)).smoothLoss).toBe(0.999 * 5 + 0.001 * 6);
  });
});

describe('the speed of a report', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  it('is that of training since the last report, also of a run that goes on', async () => {
    const windowMs = (step: number) => (step < 10 ? 10 : 20);
    const slow = scripted({ onWindow: (step) => vi.advanceTimersByTime(windowMs(step)) });
    const options = { steps: 30, reportEvery: 10, sampleEvery: 0, validationFraction: 0.2, evalEvery: 10 };
    const run = { ...smallRun(options), windowsPerCall: 1 };
    const T = run.options.seqLength;
    const speeds = (events: readonly TrainingEvent[]) => reportsOf(events).map(({ charsPerSecond }) => charsPerSecond);
    const [fast, other] = [T / 0.01, T / 0.02].map((speed) => expect.closeTo(speed, 6) as number);
    expect(speeds((await inParts(slow, run, [])).events)).toEqual([fast, other, other]);
    vi.advanceTimersByTime(5000);
    // The model of each part counts its steps from 0.
    expect(speeds((await inParts(slow, run, [10, 20])).events)).toEqual([fast, fast, fast]);
  });
});

describe('the learning rate of a report', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  const ratesOf = (events: readonly TrainingEvent[]) => reportsOf(events).map(({ learningRate }) => learningRate);

  it('is the given one, or by now a part of it', async () => {
    const rates = async (learningRateDecay: 'none' | 'linear') =>
      ratesOf(await eventsOf(trainerOf(scripted({}), smallRun({ steps: 20, reportEvery: 10, learningRateDecay }))));
    expect(await rates('none')).toEqual([0.05, 0.05]);
    expect(await rates('linear')).toEqual([0.05 * (1 - 0.95 * 0.5), 0.05 * (1 - 0.95)]);
    const rising = smallRun({ steps: 15, reportEvery: 15, learningRateRise: 'sqrt' });
    expect(ratesOf(await eventsOf(trainerOf(scripted({}), rising)))).toEqual([0.2]);
  });

  it('falls over minutes by the time of training alone, also when the run is stopped and goes on', async () => {
    const slow = scripted({ onWindow: () => vi.advanceTimersByTime(10) });
    const options = { minutes: 1.05 / 60, reportEvery: 10, sampleEvery: 0, learningRateDecay: 'linear' } as const;
    const run = { ...smallRun(options), windowsPerCall: 1 };
    const whole = ratesOf((await inParts(slow, run, [])).events);
    vi.advanceTimersByTime(5000);
    const parts = ratesOf((await inParts(slow, run, [35, 60])).events);
    const rateAt = (seconds: number) => 0.05 * (1 - (0.95 * seconds) / 1.05);
    const expected = Array.from({ length: 10 }, (_, i) => expect.closeTo(rateAt((i + 1) / 10), 9) as number);
    expect(whole).toEqual(expected);
    expect(parts).toEqual(expected);
  });
});
