import { expect, it, onTestFinished, vi } from 'vitest';
import { Dashboards, type ShownOn } from '../../benchmarks/contestants/watched.js';
import { listenTo } from '../dashboard/listener.js';

it('counts what a dashboard does at an event, and what it sends later to a browser that listens', async () => {
  const dashboards = await Dashboards.open('text');
  onTestFinished(() => dashboards.close());
  const listener = await listenTo(dashboards.address);
  let now = 0;
  // A clock that goes on by a second whenever it is looked at: each thing that is timed takes one.
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => clock.mockRestore());
  const show = (on: ShownOn, ...steps: number[]) =>
    dashboards.timesOf(on, 1, () => {
      for (const step of steps) dashboards.event({ type: 'sample', step, text: 'abc' });
      return Promise.resolve();
    });
  expect((await show('unwatched', 1, 2)).taken).toBe(2);
  expect(listener.counts.change).toBe(0);
  expect((await show('watched', 3, 4, 5)).taken).toBe(4);
  await listener.until(({ samples }) => samples.length === 3);
  expect(listener.counts.change).toBe(1);
});

it('takes nothing for the part of a run that is shown nowhere', async () => {
  const dashboards = await Dashboards.open('text');
  onTestFinished(() => dashboards.close());
  dashboards.event({ type: 'sample', step: 1, text: 'abc' });
  expect((await dashboards.timesOf('watched', 1, () => Promise.resolve())).taken).toBe(0);
});
