import { PassThrough } from 'node:stream';
import { chooseDisplay } from '../../../src/cli/display/choose-display.js';
import { describe, expect, it, vi } from 'vitest';
import { type Display, SILENT } from '../../../src/cli/display/display.js';
import { JsonDisplay } from '../../../src/cli/display/json-display.js';
import { PlainDisplay } from '../../../src/cli/display/plain-display.js';
import { TerminalDisplay } from '../../../src/cli/display/terminal-display.js';
import type { Report, TrainingEvent } from '../../../src/trainer/events.js';
import { FakeTerminal } from './fake-terminal.js';

/** Numbers of a run at a step, 2,500 symbols a second. */
function report(step: number, given: Partial<Report> = {}): Report {
  const losses = { loss: 50, smoothLoss: 55.357, natsPerChar: 2.21428, bitsPerChar: 3.1945 };
  return {
    type: 'report',
    step,
    epoch: step / 1000,
    characters: step * 25,
    elapsedSeconds: step / 100,
    learningRate: 0.028512,
    charsPerSecond: 2500,
    ...losses,
    ...given,
  };
}

/** Every character below U+0300, which has all controls, and a few wide ones. */
const EVERYTHING = `${Array.from({ length: 0x300 }, (_, i) => String.fromCodePoint(i)).join('')}漢字🙂\u2028`;

const EVENTS: TrainingEvent[] = [
  { type: 'sample', step: 0, text: EVERYTHING },
  report(100),
  { type: 'sample', step: 100, text: 'line\nline' },
  { type: 'validation-progress', fraction: 0.5 },
  { type: 'validation', step: 100, natsPerChar: 2, bitsPerChar: 2 / Math.LN2, best: true },
  { ...report(150), type: 'progress' },
  { ...report(150), type: 'end', reason: 'limit' },
];

/** What a display writes to a pipe. */
async function written(make: (out: NodeJS.WritableStream) => Display): Promise<string> {
  const out = new PassThrough();
  const display = make(out);
  display.note('about the run\u001b[31m');
  for (const event of EVENTS) display.event(event);
  display.close();
  out.end();
  return (await out.toArray()).join('');
}

describe('the plain display', () => {
  it('writes no control characters but line ends and tabs, whatever the text holds', async () => {
    const output = await written((out) => new PlainDisplay(out));
    expect(output.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
    expect(output).toContain('\\x00\\x01');
    expect(output).toContain('\\x7f');
    expect(output).toContain('\\x9b');
    expect(output).toContain('漢字🙂');
  });

  it('writes a line a report and a validation, and samples between rules', async () => {
    const output = await written((out) => new PlainDisplay(out));
    const [note, ...lines] = output.split('\n');
    expect(note).toBe('about the run\\x1b[31m');
    expect(lines.slice(-7)).toEqual([
      'step 100  epoch 0.100  loss 55.357  2.2143 nats/char  3.1945 bits/char  rate 0.0285  2,500 chars/s  0:01',
      '----',
      'line',
      'line',
      '----',
      'step 100  validation 2.0000 nats/char  2.8854 bits/char  perplexity 7.389  best so far',
      '',
    ]);
  });
});

describe('the JSON display', () => {
  it('writes an object a line, without signs of life', async () => {
    const lines = (await written((out) => new JsonDisplay(out))).split('\n');
    expect(lines.pop()).toBe('');
    const objects = lines.map((line) => JSON.parse(line) as { type: string });
    expect(objects.map(({ type }) => type)).toEqual(['note', 'sample', 'report', 'sample', 'validation', 'end']);
    expect(objects[1]).toEqual({ type: 'sample', step: 0, text: EVERYTHING });
  });
});

describe('the display that is chosen', () => {
  const outline = { limits: {}, windowsPerEpoch: 10 };
  const terminal = new FakeTerminal(80).stream;
  const pipe = new PassThrough() as unknown as NodeJS.WriteStream;

  it('has bars on a terminal, plain lines elsewhere and on a dumb terminal', () => {
    const loud = { quiet: false, json: false };
    expect(chooseDisplay(loud, outline, terminal)).toBeInstanceOf(TerminalDisplay);
    expect(chooseDisplay(loud, outline, pipe)).toBeInstanceOf(PlainDisplay);
    vi.stubEnv('TERM', 'dumb');
    expect(chooseDisplay(loud, outline, terminal)).toBeInstanceOf(PlainDisplay);
    vi.unstubAllEnvs();
  });

  it('is JSON or none where that is asked for', () => {
    expect(chooseDisplay({ quiet: true, json: true }, outline, terminal)).toBeInstanceOf(JsonDisplay);
    expect(chooseDisplay({ quiet: true, json: false }, outline, terminal)).toBe(SILENT);
  });
});
