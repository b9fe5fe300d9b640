import { afterEach } from 'vitest';
import { TerminalDisplay } from '../../../src/cli/display/terminal-display.js';
import type { Progress } from '../../../src/trainer/events.js';
import type { FakeTerminal } from './fake-terminal.js';
import type { Limits } from '../../../src/options/train-options.js';

/** A sign of life at a step of 2,500 symbols and a hundredth of a second; 1,000 steps an epoch. */
export function progress(step: number, given: Partial<Progress> = {}): Progress {
  const [smoothLoss, natsPerChar, bitsPerChar] = [55.357, 2.21428, 3.19453];
  const time = { characters: step * 2500, elapsedSeconds: step / 100, charsPerSecond: 250_000 };
  return {
    type: 'progress',
    step,
    epoch: step / 1000,
    loss: 50,
    smoothLoss,
    natsPerChar,
    bitsPerChar,
    learningRate: 0.1,
    ...time,
    ...given,
  };
}

/** A display that paints at every event, closed after the test; a validation has its bar at once. */
export function displayOn(terminal: FakeTerminal, limits: Limits = { steps: 10_000 }): TerminalDisplay {
  const display = new TerminalDisplay(
    terminal.stream,
    { limits, windowsPerEpoch: 1000 },
    { frameMs: -1, validationMs: -1 },
  );
  open.push(display);
  return display;
}

const open: TerminalDisplay[] = [];
afterEach(() => open.splice(0).forEach((display) => display.close()));
