import { expect, it } from 'vitest';
import { LongSteps } from '../../../src/cli/display/long-steps.js';
import type { Progress } from '../../../src/trainer/events.js';

const SPEED = { charsPerSecond: 1, learningRate: 0.1 };
const NUMBERS = { ...SPEED, epoch: 0, characters: 0, loss: 1, smoothLoss: 1, natsPerChar: 1, bitsPerChar: 1 };
const at = (step: number, elapsedSeconds: number): Progress => ({ type: 'progress', ...NUMBERS, step, elapsedSeconds });

/** What is said after each of a run's events. */
function saidAfter(...events: Progress[]): (string | undefined)[] {
  const steps = new LongSteps();
  return events.map((event) => steps.lineAfter(event));
}

it('says once how long Ctrl-C waits, after two long steps in a row', () => {
  const line = 'A step takes 49 s: at Ctrl-C the run ends after the step that it is in';
  expect(saidAfter(at(1, 60), at(2, 109.2), at(3, 160))).toEqual([undefined, line, undefined]);
});

it('says nothing of a first step that takes long, nor of a moment of standstill, nor of many short ones', () => {
  expect(saidAfter(at(1, 60), at(2, 62), at(3, 122), at(4, 124), at(104, 224))).toEqual(Array(5).fill(undefined));
});

it('says nothing of a run that continues, before it has done a step of its own', () => {
  expect(saidAfter(at(10, 600), at(10, 600))).toEqual([undefined, undefined]);
});
