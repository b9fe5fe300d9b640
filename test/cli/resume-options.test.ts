import { copyFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { resumedRunOptions } from '../../src/options/run-options.js';
import { differingTensors } from '../trainer/runs.js';
import type { Report } from '../../src/trainer/events.js';
import { eventsIn, run, sharedFolder, SMALL, succeed, trainJson } from './processes.js';
import type { TrainOptions } from '../../src/options/train-options.js';

const { path, text } = sharedFolder();
const saved = path('saved.safetensors');

beforeAll(async () => {
  await succeed('train', text, ...SMALL, '--backend', 'pure', '--quiet', '--steps', '20', '--checkpoint', saved);
});

let copies = 0;

/** A copy of the checkpoint for one run alone: a run locks what it resumes, and tests run side by side. */
function copyOfSaved(): string {
  const copy = path(`saved-${++copies}.safetensors`);
  copyFileSync(saved, copy);
  return copy;
}

/** What `train` says to a mistake: one line, exit code 1, nothing trained. */
async function refusalOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['train', ...args]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^min-char-rnn: .+\n$/);
  return stderr;
}

const contradicting: [flag: string, given: TrainOptions][] = [
  ['--hidden-size', { hiddenSize: 9 }],
  ['--seq-length', { seqLength: 9 }],
  ['--batch-size', { batchSize: 2 }],
  ['--learning-rate', { learningRate: 0.2 }],
  ['--learning-rate-decay', { learningRateDecay: 'linear' }],
  ['--learning-rate-rise', { learningRateRise: 'sqrt' }],
  ['--grad-clip', { gradClip: 1 }],
  ['--reset-probability', { resetProbability: 0.5 }],
  ['--recurrent-dropout', { recurrentDropout: 0.5 }],
  ['--weight-decay', { weightDecay: 0.5 }],
  ['--init', { init: 'scaled' }],
  ['--seed', { seed: 1 }],
  ['--encoding', { encoding: 'bytes' }],
  ['--min-count', { minCount: 2 }],
  ['--validation-fraction', { validationFraction: 0.1 }],
  ['--preset', { preset: 'fast' }],
];

describe.concurrent('--resume', () => {
  it.each(contradicting)('refuses %s where it contradicts the checkpoint', async (flag, given) => {
    const { options } = await loadCheckpoint(saved);
    expect(() => resumedRunOptions(given, options, 'a.safetensors')).toThrow(new RegExp(`^${flag} must be `));
  });

  it('takes options that say the same as the checkpoint, and new limits and intervals', async () => {
    const { options } = await loadCheckpoint(saved);
    expect(resumedRunOptions({ hiddenSize: 8, seed: 42, seqLength: 10 }, options, 'a')).toEqual(options);
    const changed = resumedRunOptions({ epochs: 2, reportEvery: 7, temperature: 0.5 }, options, 'a');
    const { steps, ...unlimited } = options;
    expect(steps).toBe(20);
    expect(changed).toEqual({ ...unlimited, epochs: 2, reportEvery: 7, temperature: 0.5 });
  });

  it.each([
    [['--hidden-size', '9'], /--hidden-size must be 8 as in '.*saved-\d+.safetensors', but got 9; .*--init-from/],
    [['--seed', '7'], /--seed must be 42 as in/],
    [['--init-from', saved], /--resume and --init-from must not come together/],
  ])('says so in one line for %s', async (args, message) => {
    expect(await refusalOf(text, '--resume', copyOfSaved(), ...args)).toMatch(message);
  });

  it('resumes on another backend with another report interval, and saves where it came from', async () => {
    const copy = copyOfSaved();
    const changes = ['--steps', '30', '--report-every', '5', '--backend', 'wasm'];
    const { stdout } = await succeed('train', text, '--json', '--resume', copy, ...changes);
    expect(eventsIn(stdout).flatMap((event) => (event.type === 'report' ? [event.step] : []))).toEqual([25, 30]);
    expect((await loadCheckpoint(copy)).run.step).toBe(30);
  });

  it('resumes where it was computed, unless another backend is asked for', async () => {
    const copy = copyOfSaved();
    const { stdout } = await succeed('train', text, '--resume', copy, '--steps', '25');
    expect(stdout).toMatch(/^pure: .* \(as before\)\n/);
    await succeed('train', text, '--resume', copy, '--steps', '30', '--backend', 'wasm', '--quiet');
    expect((await loadCheckpoint(copy)).options.computedBy).toEqual({ backend: 'wasm' });
  });

  it('refuses another text by its content, and takes the same text under another name', async () => {
    writeFileSync(path('other.txt'), 'the rain in spain falls mainly on plains.\n'.repeat(20));
    copyFileSync(text, path('same.txt'));
    const message = await refusalOf(path('other.txt'), '--resume', copyOfSaved());
    expect(message).toMatch(/must continue with the text .*'.*text\.txt', but '.*other\.txt' differs .*--init-from/);
    const going = ['--resume', saved, '--steps', '25', '--checkpoint', path('further.safetensors')];
    expect((await trainJson(path('same.txt'), ...going)).at(-1)).toMatchObject({ type: 'end', step: 25 });
  });

  it('refuses a checkpoint that is not there, and one that is none', async () => {
    expect(await refusalOf(text, '--resume', path('nowhere'))).toMatch(/nowhere' must be a readable file/);
    const other = path('other.bin');
    writeFileSync(other, 'no checkpoint');
    expect(await refusalOf(text, '--resume', other)).toContain(`${other}: `);
    expect(await refusalOf(text, '--resume', text)).toContain(`--resume must be a file of its own, but '${text}' is`);
  });
});

describe.concurrent('--init-from', () => {
  it('starts a new run on another text with the weights and vocabulary alone', async () => {
    writeFileSync(path('like-it.txt'), 'plains rain in the spain\n'.repeat(40));
    const fresh = path('fresh.safetensors');
    const args = [
      '--init-from',
      saved,
      '--batch-size',
      '3',
      '--seq-length',
      '7',
      '--steps',
      '0',
      '--checkpoint',
      fresh,
    ];
    await succeed('train', path('like-it.txt'), ...args, '--backend', 'pure');
    const [old, started] = [await loadCheckpoint(saved), await loadCheckpoint(fresh)];
    expect(differingTensors(old, started)).toEqual(['hidden', 'mWxh', 'mWhh', 'mWhy', 'mbh', 'mby']);
    const { memories, hidden } = started.tensors;
    expect(Object.values(memories).every((values) => values.every((value) => value === 0))).toBe(true);
    expect(hidden).toEqual(new Float32Array(3 * 8));
    expect(started.run).toMatchObject({ step: 0, elapsedSeconds: 0, training: [], best: null });
    expect(started.vocabulary.symbols).toEqual(old.vocabulary.symbols);
    await succeed('train', path('like-it.txt'), '--resume', fresh, '--steps', '30', '--backend', 'pure');
  });

  it('smooths the loss from that of the first window on, as the weights have learnt before', async () => {
    const [report] = (await trainJson(text, '--init-from', saved, '--steps', '1', '--report-every', '1')).filter(
      ({ type }) => type === 'report',
    ) as Report[];
    expect(report.smoothLoss).toBe(report.loss);
  });

  it('names a character that the vocabulary lacks, and where it is', async () => {
    writeFileSync(path('foreign.txt'), `${'the rain '.repeat(20)}ÄÖ`);
    const message = await refusalOf(path('foreign.txt'), '--init-from', saved);
    expect(message).toMatch(
      /foreign\.txt' must be in the model's vocabulary, but "Ä" \(U\+00C4\) at position 180 is not/,
    );
  });

  it('refuses another size, which the weights do not have', async () => {
    expect(await refusalOf(text, '--init-from', saved, '--hidden-size', '9')).toMatch(/--hidden-size must be 8 as in/);
  });
});
