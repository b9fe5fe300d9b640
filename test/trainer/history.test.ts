import { expect, it } from 'vitest';
import { HISTORY_POINTS, type HistoryPoint, remember } from '../../src/trainer/history.js';

it('never holds more than its most points, keeps the newest and stays in order', () => {
  const history: HistoryPoint[] = [];
  for (let step = 1; step <= 10 * HISTORY_POINTS; step++) {
    remember(history, { step, natsPerChar: 1 / step });
    if (history.length > HISTORY_POINTS) throw new Error(`${history.length} points at step ${step}`);
  }
  const steps = history.map(({ step }) => step);
  expect(steps.at(-1)).toBe(10 * HISTORY_POINTS);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.length).toBeGreaterThan(HISTORY_POINTS / 2 - 1);
});

it('gets coarser with age but spans the whole run', () => {
  const history: HistoryPoint[] = [];
  for (let step = 1; step <= 20 * HISTORY_POINTS; step++) remember(history, { step, natsPerChar: 1 });
  const gaps = history.slice(1).map(({ step }, i) => step - history[i].step);
  expect(history[0].step).toBe(1);
  expect(gaps[0]).toBeGreaterThan(1);
  expect(gaps.at(-1)).toBe(1);
  expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
});

it('is whole as long as it fits', () => {
  const history: HistoryPoint[] = [];
  for (let step = 1; step <= HISTORY_POINTS; step++) remember(history, { step, natsPerChar: 1 });
  expect(history.length).toBe(HISTORY_POINTS);
  expect(history[0].step).toBe(1);
});
