import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Runtime } from '../../src/backends/runtime.js';
import { DivergedError } from '../../src/trainer/diverged.js';
import { eventsOf, smallRun, timeless, trainerOf } from './runs.js';
import { scripted } from './scripted-model.js';

/** A scripted runtime whose models run ahead of the program, and what the trainer asks of them. */
function runningAhead(script: Parameters<typeof scripted>[0]) {
  const asked = { losses: 0, settle: 0 };
  const createModel: Runtime['createModel'] = (config, state) => {
    const model = scripted(script).createModel(config, state);
    const losses = model.losses.bind(model);
    return Object.assign(model, {
      losses: () => losses().finally(() => asked.losses++),
      settle: () => Promise.resolve().finally(() => asked.settle++),
    });
  };
  return { runtime: { createModel }, asked };
}

/** Lets time pass for the trainer: 50 ms are its longest time without a look at the event loop. */
const pass = (ms: number) => vi.advanceTimersByTime(ms);

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const loss = (step: number) => 5 + Math.sin(step);
const options = { steps: 24, reportEvery: 8, sampleEvery: 0, validationFraction: 0.2, evalEvery: 12 };

/** A scripted runtime on a device that takes 7 s a window, and how many it was handed before each wait for it. */
function slowDevice() {
  const handed: number[] = [];
  let waiting = 0;
  const hand = () => waiting++;
  const { runtime } = runningAhead({ onWindow: hand, onEvaluated: hand });
  const settle = () => {
    if (waiting > 0) handed.push(waiting);
    pass(7000 * waiting);
    waiting = 0;
    return Promise.resolve();
  };
  const createModel: Runtime['createModel'] = (config, state) => {
    const model = runtime.createModel(config, state);
    const losses = model.losses.bind(model);
    return Object.assign(model, { settle, losses: () => settle().then(losses) });
  };
  return { runtime: { createModel }, handed };
}

it.each([1, 4])(
  'is never far ahead of a slow device, so that Ctrl-C is soon answered: %i windows a call',
  async (n) => {
    const { runtime, handed } = slowDevice();
    await eventsOf(trainerOf(runtime, { ...smallRun({ ...options, reportEvery: 0 }), windowsPerCall: n }));
    const [first, ...rest] = handed;
    expect(first).toBe(n);
    expect(rest.length).toBeGreaterThan(20);
    expect(Math.max(...rest)).toBe(1);
  },
);

it.each([0.2, 0])(
  'reads its losses where something is due, and only there: validating %d of the text',
  async (part) => {
    const { runtime, asked } = runningAhead({ loss, onWindow: () => pass(60) });
    await eventsOf(trainerOf(runtime, { ...smallRun({ ...options, validationFraction: part }), windowsPerCall: 1 }));
    const due = [0, 8, 12, 16, 24, 'the end'].length;
    expect(asked.losses).toBe(due);
    if (part === 0) expect(asked.settle).toBe(24 - 4);
    else expect(asked.settle).toBeGreaterThan(24 - 4);
  },
);

it('reads them every second where nothing is due', async () => {
  const { runtime, asked } = runningAhead({ loss, onWindow: () => pass(100) });
  const quiet = { ...options, reportEvery: 0, validationFraction: 0, evalEvery: 0 };
  await eventsOf(trainerOf(runtime, { ...smallRun(quiet), windowsPerCall: 1 }));
  const due = [0, 10, 20, 24, 'the end'].length;
  expect(asked).toEqual({ losses: due, settle: 24 - 3 });
});

it('reports, validates and saves then what it does where losses are read at once', async () => {
  const slow = { loss, onWindow: () => pass(20) };
  const run = smallRun(options);
  const [ahead, prompt] = [trainerOf(runningAhead(slow).runtime, run), trainerOf(scripted(slow), run)];
  expect(timeless(await eventsOf(ahead))).toEqual(timeless(await eventsOf(prompt)));
  const [a, b] = [await ahead.snapshot(), await prompt.snapshot()];
  expect({ ...a.run, elapsedSeconds: 0 }).toEqual({ ...b.run, elapsedSeconds: 0 });
});

it('has all losses in what it saves anywhere, and in the end of a run that is stopped', async () => {
  const { runtime } = runningAhead({ loss, onWindow: () => pass(60) });
  const [ahead, prompt] = [runtime, scripted({ loss })].map((from) =>
    trainerOf(from, {
      ...smallRun({ ...options, reportEvery: 0, evalEvery: 0, validationFraction: 0 }),
      windowsPerCall: 1,
    }),
  );
  const stop = new AbortController();
  for await (const event of ahead.run(stop.signal)) {
    if (event.type !== 'progress' || event.step < 3) continue;
    const { run } = await ahead.snapshot();
    const expected = Array.from({ length: run.step }, (_, step) => Math.fround(loss(step)));
    const uniform = Math.log(prompt.parts.vocabulary.size) * 4;
    expect(run.smoothLoss).toBeCloseTo(
      expected.reduce((smooth, one) => 0.999 * smooth + 0.001 * one, uniform),
      10,
    );
    stop.abort();
  }
});

it('can still save the last good state of a device that gives nothing back any more', async () => {
  const { runtime } = runningAhead({ loss, onWindow: () => pass(500) });
  const trainer = trainerOf(runtime, { ...smallRun({ ...options, sampleEvery: 0 }), windowsPerCall: 1 });
  const { model } = trainer.parts;
  const read = model.read.bind(model);
  const losses = model.losses.bind(model);
  let lost = false;
  const unlessLost = <T>(ask: () => Promise<T>) => {
    return () => (lost ? Promise.reject(new Error('the device was lost')) : ask());
  };
  Object.assign(model, { read: unlessLost(read), losses: unlessLost(losses) });
  const run = async () => {
    for await (const event of trainer.run()) if (event.type === 'progress') lost = event.step >= 14;
  };
  await expect(run()).rejects.toThrow('the device was lost');
  const { run: saved, tensors } = await trainer.rescue();
  expect(saved.step).toBe(10); // After 5 s.
  expect(tensors).toBeDefined();
});

it('stops with the last good state where the losses on the device have exploded', async () => {
  const { runtime } = runningAhead({ loss: (step) => (step < 3 ? 5 : NaN), onWindow: () => pass(60) });
  const trainer = trainerOf(runtime, { ...smallRun(options), windowsPerCall: 1 });
  await expect(eventsOf(trainer)).rejects.toThrow(DivergedError);
});
