import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPure } from '../../../src/backends/pure.js';
import { planRun } from '../../../src/run/plan.js';
import type { Encoding } from '../../../src/options/choices.js';
import { scratchFolder } from '../../scratch-folder.js';
import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../src/backends/choose.js';
import {
  describeEnd,
  describeEvaluation,
  describeStart,
  describeStarts,
  suggestions,
} from '../../../src/cli/display/summary.js';
import { programName } from '../../../src/system/invocation.js';
import { sourceOf } from '../../../src/corpus/symbols.js';
import type { RunOptions } from '../../../src/options/train-options.js';
import type { RunPlan } from '../../../src/run/plan.js';
import type { RunOutcome } from '../../../src/run/run.js';
import { Random } from '../../../src/sampling/random.js';
import type { End } from '../../../src/trainer/events.js';
import { smallCheckpoint } from '../../checkpoint/small-checkpoint.js';
import { partsOf, smallRun, textOf } from '../../trainer/runs.js';

const CHOICE = { runtime: { backend: 'pure', description: 'plain TypeScript' }, reason: 'fastest' } as Choice;

/** A plan over 1,200 characters, of which each step reads 2 x 10; a resumed one goes on at step 50 after 10 seconds. */
function planOf(options: Partial<RunOptions> = {}, resumed = false): RunPlan {
  const run = smallRun({ batchSize: 2, seqLength: 10, ...options }, textOf(1200));
  const { name, hash, symbols, vocabulary } = run.corpus;
  const { streams, validation } = partsOf(run);
  return {
    ...{ options: run.options, corpus: { name, hash, symbols: symbols.length, position: 0 }, vocabulary },
    ...{ streams, validation: validation && sourceOf(validation) },
    ...{ storage: { kind: 'memory' }, state: smallCheckpoint().tensors, random: new Random(1), pretrained: false },
    resume: resumed ? { ...smallCheckpoint().run, step: 50, elapsedSeconds: 10 } : undefined,
  };
}

/** The line of a run's first ones that begins with a label. */
const lineOf = (label: string, plan: RunPlan, given = {}) =>
  describeStart(plan, CHOICE, given).find((line) => line.startsWith(`${label}: `));

/** How a plan ended at step 150 after 30 seconds. */
function outcomeOf(plan: RunPlan, given: Partial<End> = {}, path: string | undefined = 'run.safetensors'): RunOutcome {
  const losses = { loss: 50, smoothLoss: 55, natsPerChar: 2.21428, bitsPerChar: 3.19453 };
  const rates = { learningRate: 0.1, charsPerSecond: 1 };
  const place = { step: 150, epoch: 2.5, characters: 3000, elapsedSeconds: 30 };
  return { plan, end: { type: 'end', reason: 'limit', ...place, ...losses, ...rates, ...given }, path, problems: [] };
}

describe('the first lines of a run', () => {
  it('are the runtime with the reason for it, the text, the model and the learning rate', () => {
    expect(describeStart(planOf({ validationFraction: 0.1 }), CHOICE, {})).toEqual([
      'pure: plain TypeScript (fastest)',
      'text: words, 1,200 characters, 17 different',
      'validation: on its last 120 characters',
      'model: 8 hidden units, 2 x 10 a step',
      'learning rate: 0.05',
    ]);
  });

  it('count the symbols of the model where they come from another run', () => {
    expect(lineOf('text', { ...planOf(), pretrained: true })).toBe(
      'text: words, 1,200 characters, 17 known to the model',
    );
  });

  it.each([
    [{ steps: 3000 }, 'at step 3,000'],
    [{ epochs: 2 }, 'at step 118'],
    [{ minutes: 1.5 }, 'after 1:30 of training'],
    [{ steps: 100, epochs: 9, minutes: 90 }, 'at step 100 or after 1:30:00 of training'],
  ])('say until when the rate falls with the limits %j', (limits, end) => {
    const plan = planOf({ ...limits, learningRateDecay: 'linear' });
    expect(lineOf('learning rate', plan)).toBe(`learning rate: 0.05, falling to 5 % ${end}`);
  });

  it('say how the rate rises', () => {
    const rises = { learningRateRise: 'sqrt' } as const;
    expect(lineOf('learning rate', planOf(rises))).toBe('learning rate: 0.05 times the root of the step');
    expect(lineOf('learning rate', planOf({ ...rises, steps: 100, learningRateDecay: 'linear' }, true))).toBe(
      'learning rate: now 0.187 of 0.05 times the root of the step, falling to 5 % at step 100',
    );
  });

  it.each([
    [{ steps: 100 }, 'now 0.0263 of 0.05, falling to 5 % at step 100'],
    [{ minutes: 1 }, 'now 0.0421 of 0.05, falling to 5 % after 1:00 of training'],
  ])('say of a resumed run with the limits %j how far the rate has fallen', (limits, rate) => {
    expect(lineOf('learning rate', planOf({ ...limits, learningRateDecay: 'linear' }, true))).toBe(
      `learning rate: ${rate}`,
    );
    expect(lineOf('learning rate', planOf(limits, true))).toBe('learning rate: 0.05');
  });

  it.each([
    [{ resume: 'a.safetensors' }, 'the same file'],
    [{ resume: 'a.safetensors', checkpoint: 'a.safetensors' }, 'the same file'],
    [{ resume: 'a.safetensors', checkpoint: 'b.safetensors' }, 'b.safetensors'],
  ])('say of a run with %j where it goes on and where it is saved', (given, place) => {
    const line = lineOf('continuing', planOf({}, true), given);
    expect(line).toBe(`continuing: from step 50 of a.safetensors, saving to ${place}`);
  });

  it.each([
    [{ kind: 'temporary' }, 'encoded text: in a temporary file, for this run alone'],
    [
      { kind: 'temporary', reason: 'the disk is full' },
      'warning: the disk is full, so the encoded text is in a temporary file, for this run alone',
    ],
    [{ kind: 'cache', path: '/c/x', bytes: 2048, reused: true }, 'encoded text: /c/x, 2.0 KiB, used again'],
    [
      { kind: 'cache', path: '/c/x', bytes: 2048, reused: false },
      `encoded text: /c/x, 2.0 KiB, kept for the next time (${programName()} cache clear removes it)`,
    ],
  ])('say where the encoded text lies: %j', (storage, line) => {
    expect(describeStart({ ...planOf(), storage: storage as RunPlan['storage'] }, CHOICE, {})).toContain(line);
  });
});

describe('the last lines of a run', () => {
  it('are where it ended, its speed, its loss and where it is saved', () => {
    expect(describeEnd(outcomeOf(planOf()))).toEqual([
      'Done at step 150, epoch 2.50, after 0:30 of training (100 chars/s)',
      'Smoothed loss: 2.214 nats/char, 3.195 bits/char',
      'Saved to run.safetensors',
    ]);
  });

  it('count the speed of a resumed run from where it went on', () => {
    // 100 steps of 20 characters in 50 seconds, after 50 steps in 10.
    const [line] = describeEnd(outcomeOf(planOf({}, true), { elapsedSeconds: 60 }));
    expect(line).toBe('Done at step 150, epoch 2.50, after 1:00 of training (40 chars/s)');
  });

  it('leave out a speed without a time, and a file where there is none', () => {
    const lines = describeEnd({ ...outcomeOf(planOf(), { elapsedSeconds: 0, reason: 'stopped' }), path: undefined });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('Stopped at step 150, epoch 2.50, after 0:00 of training');
  });

  it('say that a resumed run was at its limit already', () => {
    const end = { step: 50, characters: 1000, epoch: 1, elapsedSeconds: 10.001 };
    expect(describeEnd(outcomeOf(planOf({}, true), end))[0]).toBe(
      'Nothing left to do at step 50, epoch 1.00, after 0:10 of training',
    );
  });

  it('say that patience ended it', () => {
    const [line] = describeEnd(outcomeOf(planOf(), { reason: 'patience' }));
    expect(line).toMatch(/^Ended without a better validation for a while at step 150/);
  });
});

describe('what to try next', () => {
  /** The commands, without the name of the program. */
  function triedAfter(outcome: RunOutcome, ...texts: string[]): string[] {
    const [heading, ...lines] = suggestions(outcome, texts);
    expect(heading).toBe('Try next:');
    const start = `  ${programName()} `;
    expect(lines.every((line) => line.startsWith(start))).toBe(true);
    return lines.map((line) => line.slice(start.length));
  }
  const sample = 'sample run.safetensors --length 500';

  it.each([
    [{ steps: 150 }, 'limit', ' --steps 300'],
    [{ epochs: 2.5, minutes: 0.3 }, 'limit', ' --epochs 5 --minutes 0.6'],
    [{ steps: 0 }, 'limit', ' --steps 1000'],
    [{ steps: 200, patience: 3 }, 'patience', ' --patience 6'],
    [{ steps: 200 }, 'stopped', ''],
  ] as const)('is to sample and to go on with the text: %j, ended by %s', (options, reason, further) => {
    expect(triedAfter(outcomeOf(planOf(options), { reason }), 'a b.txt', 'books')).toEqual([
      sample,
      `train 'a b.txt' books --resume run.safetensors${further}`,
    ]);
  });

  it.each([
    [{ steps: 40 }, ' --steps 160'],
    [{ steps: 0 }, ' --steps 1000'],
    [{ epochs: 0.25 }, ' --epochs 1'],
    [{ minutes: 0.1 }, ' --minutes 0.2'],
  ] as const)('goes beyond the step that a resumed run has come to already: %j', (options, further) => {
    const outcome = outcomeOf(planOf(options, true), { reason: 'limit', step: 100, epoch: 0.5, elapsedSeconds: 10 });
    expect(triedAfter(outcome, 'a.txt')).toEqual([sample, `train a.txt --resume run.safetensors${further}`]);
  });

  it('names a file whose name begins with a dash so that it is no option', () => {
    expect(triedAfter(outcomeOf(planOf({ steps: 150 }), {}, '-x'), 'a.txt')).toEqual([
      'sample ./-x --length 500',
      'train a.txt --resume ./-x --steps 300',
    ]);
  });

  it('is a text of their own for those who have trained on the built-in one or on standard input', () => {
    const own = 'train my.txt --preset fast --minutes 5 --checkpoint my.safetensors';
    expect(triedAfter(outcomeOf(planOf()))).toEqual([sample, own]);
    expect(triedAfter(outcomeOf(planOf()), '-')).toEqual([sample, own]);
  });

  it('is to train so that something is saved where nothing was', () => {
    const nowhere = (options: Partial<RunOptions>) => ({ ...outcomeOf(planOf(options)), path: undefined });
    const rest = '--preset fast --minutes 5 --checkpoint my.safetensors';
    expect(triedAfter(nowhere({}), 'a.txt')).toEqual([`train a.txt ${rest}`]);
    expect(triedAfter(nowhere({ encoding: 'bytes' }), 'a.bin')).toEqual([`train a.bin --encoding bytes ${rest}`]);
  });
});

describe('the line of an evaluation', () => {
  it('has all losses, the predictions and the backend, and a name that is no harm to the terminal', () => {
    const losses = { natsPerChar: 2, bitsPerChar: 2.88539, perplexity: 7.389 };
    const evaluation = { backend: 'pure', corpus: 'a\u001b.txt', predictions: 1234, ...losses, startGap: null };
    expect(describeEvaluation(evaluation)).toBe(
      'a\\x1b.txt: 2.0000 nats/char, 2.8854 bits/char, perplexity 7.389 over 1,234 predictions (pure)\n',
    );
  });

  it('is followed by another where a worse start would cost more than 0.05 nats', () => {
    const losses = { natsPerChar: 2, bitsPerChar: 2.88539, perplexity: 7.389 };
    const linesWith = (startGap: number) =>
      describeEvaluation({ backend: 'pure', corpus: 'a', predictions: 9, ...losses, startGap }).split('\n');
    expect(linesWith(0.05)).toHaveLength(2);
    const [, note, end] = linesWith(4.341);
    expect(note).toMatch(/^note: .* up to 4\.34 nats\/char worse/);
    expect(end).toBe('');
  });

  it('counts bad starts where it is asked to', () => {
    expect(describeStarts({ corpus: 'a\u001b', places: 200, fromZeros: 15, fromCarried: 1 })).toMatch(
      /15 of 200 from a hidden state of zeros, 1 of 200 from the saved one, .* a\\x1b$/,
    );
  });
});

/** The lines that a run on a text starts with. */
async function startOn(text: string, encoding: Encoding = 'utf-8'): Promise<string[]> {
  const path = join(scratchFolder(), 'a.txt');
  writeFileSync(path, text);
  const runtime = await loadPure();
  return describeStart(await planRun({ corpus: [path], encoding }), { runtime, reason: 'for a test' }, {});
}

describe('the text of a run', () => {
  const plain = 'a text to train on\n'.repeat(9);

  it('has no doubts about a text, and about any bytes in bytes mode', async () => {
    expect(await startOn(plain)).toHaveLength(4);
    expect(await startOn(`${plain}\0`, 'bytes')).toHaveLength(4);
  });

  it('says in one line that a text with NUL characters may be none', async () => {
    const [, , warning, , ...more] = await startOn(`${plain}\0`);
    expect(warning).toMatch(
      /^warning: .*a\.txt has NUL characters, so it may be binary \(--encoding bytes .*\) or UTF-16 \(.*iconv -f UTF-16LE/,
    );
    expect(warning).not.toContain('\n');
    expect(more).toHaveLength(1);
  });
});
