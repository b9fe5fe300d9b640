import { describe, expect, it } from 'vitest';
import { TerminalDisplay } from '../../../src/cli/display/terminal-display.js';
import { FakeTerminal } from './fake-terminal.js';
import { displayOn, progress } from './shown-run.js';
import type { Limits } from '../../../src/options/train-options.js';

const LIMITS: [string, Limits][] = [
  ['steps', { steps: 10_000 }],
  ['epochs', { epochs: 10 }],
  ['minutes', { minutes: 3 }],
  ['no limit', {}],
];

const WIDTHS = [2, 20, 40, 80, 200];

describe('the bar', () => {
  describe.each(WIDTHS)('on %i columns', (columns) => {
    it.each(LIMITS)('keeps a column free in every frame, with %s', (_name, limits) => {
      const terminal = new FakeTerminal(columns);
      const display = displayOn(terminal, limits);
      const widths: number[] = [];
      terminal.onFrame = () => widths.push(...terminal.lines.map((line) => line.length));
      for (const step of [1, 10, 999, 1000, 12_345, 9_999_999, 1e9]) {
        const slow = { smoothLoss: 1234.567, charsPerSecond: 1e7 };
        display.event(progress(step));
        display.event(progress(step, { ...slow, elapsedSeconds: step * 1000 }));
        display.event({ type: 'validation-progress', fraction: step / 1e9 });
      }
      expect(widths.length).toBeGreaterThan(10);
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns - 1);
      display.close();
      expect(terminal.lines).toEqual([]);
    });
  });

  it.each([
    [20, 'step 5,000'],
    [23, 'step 5,000  loss 55.36'],
    [40, 'step 5,000  loss 55.36  ETA 0:50'],
    [50, 'step 5,000  loss 55.36  2.214 nats/char  ETA 0:50'],
    [66, 'step 5,000  loss 55.36  2.214 nats/char  250.0k chars/s  ETA 0:50'],
    [80, '━━━╸───  50%  step 5,000  loss 55.36  2.214 nats/char  250.0k chars/s  ETA 0:50'],
    [
      200,
      `${'━'.repeat(15)}${'─'.repeat(15)}  50%  step 5,000  loss 55.36  2.214 nats/char  3.195 bits/char  250.0k chars/s  ETA 0:50`,
    ],
  ])('on %i columns shows what fits, the step first', (columns, line) => {
    const terminal = new FakeTerminal(columns);
    const display = displayOn(terminal);
    display.event(progress(0));
    display.event(progress(5000));
    expect(terminal.lines).toEqual([line]);
  });

  it.each([
    [{ steps: 1000 }, '25%', 'ETA 0:08'],
    [{ epochs: 2 }, '12%', 'ETA 0:18'],
    [{ minutes: 1 }, ' 4%', 'ETA 0:58'],
    [{ steps: 1000, minutes: 1 }, '25%', 'ETA 0:08'],
    [{}, undefined, 'epoch 0.25'],
  ])('with the limits %j shows how far the run is', (limits, percent, end) => {
    const terminal = new FakeTerminal(100);
    const display = displayOn(terminal, limits);
    display.event(progress(0));
    display.event(progress(250));
    const [line] = terminal.lines;
    expect(/\d+%/.exec(line)?.[0]).toBe(percent?.trim());
    expect(line).toMatch(new RegExp(`  ${end}$`));
  });

  it('judges the time left from where a resumed run went on, and does not guess before the first step', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal, { steps: 1000 });
    display.event(progress(500, { elapsedSeconds: 90 }));
    expect(terminal.lines[0]).toMatch(/ {2}ETA -$/);
    display.event(progress(600, { elapsedSeconds: 100 }));
    expect(terminal.lines[0]).toMatch(/ {2}ETA 0:40$/);
  });

  it('takes the rate over the last seconds, so that it does not jump about', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal, {});
    for (let step = 0; step <= 1000; step++) display.event(progress(step, { charsPerSecond: step % 2 ? 1 : 1e6 }));
    expect(terminal.lines[0]).toContain(' 250.0k chars/s');
  });

  it('paints no more often than a reader can see', () => {
    const terminal = new FakeTerminal(80);
    const display = new TerminalDisplay(terminal.stream, { limits: {}, windowsPerEpoch: 10 });
    let frames = 0;
    terminal.onFrame = () => frames++;
    for (let step = 0; step < 1000; step++) display.event(progress(step));
    expect(frames).toBeLessThan(100);
    display.close();
  });
});
