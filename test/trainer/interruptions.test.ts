import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventsOf, smallRun, textOf, throughFile, timeless, trainerOf } from './runs.js';
import { scripted } from './scripted-model.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const run = smallRun({ steps: 100, sampleEvery: 0, validationFraction: 0.4, evalEvery: 40 }, textOf(9000));
/** A window of a validation takes 30 ms, so that a validation looks at the event loop many times. */
const slow = () => scripted({ onEvaluated: () => vi.advanceTimersByTime(30) });

/** What a run tells until its second validation, in which the signal comes. */
async function stoppedWhileValidating() {
  const trainer = trainerOf(slow(), run);
  const stop = new AbortController();
  const events = [];
  for await (const event of trainer.run(stop.signal)) {
    events.push(event);
    if (event.type === 'validation-progress' && events.some(({ type }) => type === 'validation')) stop.abort();
  }
  return { trainer, events };
}

it('drops a validation in which the signal comes, at its next look at the event loop', async () => {
  const { events } = await stoppedWhileValidating();
  expect(events.filter(({ type }) => type === 'validation')).toMatchObject([{ step: 40 }]);
  const second = events.findIndex(({ type }) => type === 'validation') + 1;
  expect(events.slice(second).filter(({ type }) => type === 'validation-progress')).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stopped', step: 80 });
});

it('makes up for it when the run is resumed, and reports everything that a run without a stop reports', async () => {
  const { trainer, events } = await stoppedWhileValidating();
  const rest = await eventsOf(trainerOf(slow(), run, throughFile(run, await trainer.snapshot())));
  const whole = await eventsOf(trainerOf(slow(), run));
  expect(timeless([...events, ...rest])).toEqual(timeless(whole));
});
