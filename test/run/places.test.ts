import { copyFileSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import type { RunRequest } from '../../src/run/plan.js';
import { requireApart, requireUnused } from '../../src/run/places.js';
import { runTraining } from '../../src/run/run.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';
import { scratchFolder } from '../scratch-folder.js';

/** A checkpoint as another program may write it: its metadata in another order. */
function resaved(bytes: Uint8Array): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes, 'run');
  return encodeSafetensors(tensors, Object.fromEntries(Object.entries(metadata).reverse()));
}

/** A folder with a text, a note, a checkpoint, the same one saved by another program, and links to the text. */
async function desk(): Promise<(name: string) => string> {
  const folder = scratchFolder();
  const at = (name: string) => join(folder, name);
  writeFileSync(at('text.txt'), 'abc '.repeat(100));
  writeFileSync(at('diary.doc'), 'dear diary');
  writeFileSync(at('empty'), '');
  writeFileSync(at('old.jsonl'), '{"type":"run","program":"0.1.0"}\n');
  await saveCheckpoint(at('run.safetensors'), smallCheckpoint());
  writeFileSync(at('resaved'), resaved(readFileSync(at('run.safetensors'))));
  symlinkSync(at('text.txt'), at('soft.txt'));
  linkSync(at('text.txt'), at('hard.txt'));
  symlinkSync(at('new.safetensors'), at('to-new'));
  mkdirSync(at('texts/inner'), { recursive: true });
  symlinkSync(at('texts'), at('to-texts'));
  return at;
}

describe('outputs and inputs of a run', () => {
  it.each([
    ['the text itself', { corpus: ['text.txt'], checkpoint: 'text.txt' }, /^--checkpoint must be .* is the text too; /],
    ['a link to the text', { corpus: ['soft.txt'], checkpoint: 'text.txt' }, /is the text too/],
    ['a hard link to the text', { corpus: ['text.txt'], metrics: 'hard.txt' }, /^--metrics must be .* is the text too/],
    ['the second of two texts', { corpus: ['diary.doc', 'text.txt'], plot: 'text.txt' }, /^--plot must be/],
    ['two outputs', { metrics: 'a', plot: 'a' }, /^--plot must be a file of its own, but '.*a' is --metrics too/],
    [
      'an output and a link to where it will be',
      { checkpoint: 'new.safetensors', metrics: 'to-new' },
      /--checkpoint too/,
    ],
    ['the best state', { checkpoint: 'a.x', keepBest: true, metrics: 'a.best.x' }, /best state of --checkpoint too/],
    ['the lock', { checkpoint: 'a', metrics: 'a.lock' }, /^--metrics must be .* is the lock of --checkpoint too/],
    ['where weights come from', { initFrom: 'run.safetensors', checkpoint: 'run.safetensors' }, /is --init-from too/],
    ['another output than the resumed file', { resume: 'run.safetensors', plot: 'run.safetensors' }, /is --resume too/],
    ['the option file', { config: 'diary.doc', metrics: 'diary.doc' }, /is --config too/],
    ['the folder of TensorBoard', { tensorboard: 'texts', metrics: 'texts' }, /^--tensorboard must be/],
    [
      'a .txt file in a folder of texts',
      { corpus: ['texts'], metrics: 'texts/inner/log.txt' },
      /outside of the folder/,
    ],
    [
      'a folder that is not there yet',
      { tensorboard: 'texts/of/a.txt', metrics: 'texts/of/a.txt' },
      /--tensorboard must be/,
    ],
    ['the same through a link', { corpus: ['to-texts'], metrics: 'texts/log.TXT' }, /outside of the folder/],
  ] as [string, RunRequest, RegExp][])('are refused where they are one: %s', async (_what, request, message) => {
    const at = await desk();
    expect(() => requireApart(placed(request, at))).toThrow(message);
  });

  it.each([
    ['files of their own', { corpus: ['text.txt'], checkpoint: 'a', metrics: 'b', plot: 'c.svg', tensorboard: 'd' }],
    ['what it resumes from and saves to', { resume: 'run.safetensors', checkpoint: 'run.safetensors' }],
    ['a checkpoint in a folder of texts', { corpus: ['texts'], checkpoint: 'texts/run.safetensors' }],
    ['a .txt file beside a folder of texts', { corpus: ['texts'], metrics: 'texts-log.txt' }],
    ['folders that are not there yet', { metrics: 'a.jsonl', tensorboard: 'runs/of/today' }],
    ['standard input', { corpus: ['-'], checkpoint: 'run.safetensors' }],
  ] as [string, RunRequest][])('are taken where they are apart: %s', async (_what, request) => {
    const at = await desk();
    expect(() => requireApart(placed(request, at))).not.toThrow();
  });
});

describe('a file that is there', () => {
  it.each([
    [
      'a checkpoint',
      { checkpoint: 'run.safetensors' },
      /'.*' holds a run of 47 steps on 'a "text".txt'; continue it with --resume, .* --overwrite$/,
    ],
    ['a checkpoint, by another run', { resume: 'other', checkpoint: 'run.safetensors' }, /holds a run of 47 steps/],
    ['a checkpoint that another program has saved', { checkpoint: 'resaved' }, /'.*' holds a run of 47 steps on/],
    [
      'another file',
      { checkpoint: 'diary.doc' },
      /^--checkpoint must name a new file or a checkpoint, but '.*' holds something else; /,
    ],
    ['another file, even when asked', { checkpoint: 'diary.doc', overwrite: true }, /holds something else/],
    ['a best state', { checkpoint: 'run', keepBest: true }, /^the best state of --checkpoint must name a new file/],
    ['no metrics', { metrics: 'diary.doc' }, /^--metrics must name a new file or one with metrics, but/],
    ['a plot', { plot: 'diary.doc' }, /^--plot must name a new file, but .* add --overwrite$/],
  ] as [string, RunRequest, RegExp][])('is not replaced: %s', async (_what, request, message) => {
    const at = await desk();
    copyFileSync(at('run.safetensors'), at('run.best'));
    await expect(requireUnused(placed(request, at))).rejects.toThrow(message);
  });

  it.each([
    ['a checkpoint, when asked', { checkpoint: 'run.safetensors', overwrite: true }],
    ['one that another program has saved, when asked', { checkpoint: 'resaved', overwrite: true }],
    ['what the run resumes from', { checkpoint: 'run.safetensors', resume: 'run.safetensors' }],
    ['an empty file', { checkpoint: 'empty', metrics: 'empty' }],
    ['older metrics, which are added to', { metrics: 'old.jsonl' }],
    ['a plot, when asked or resumed', { plot: 'diary.doc', overwrite: true }],
    ['the plot of a resumed run', { plot: 'diary.doc', resume: 'run.safetensors' }],
  ] as [string, RunRequest][])('is taken: %s', async (_what, request) => {
    const at = await desk();
    await expect(requireUnused(placed(request, at))).resolves.toBeUndefined();
  });

  it('is as it was after a run that it stops', async () => {
    const at = await desk();
    const before = readFileSync(at('run.safetensors'));
    const listener = { started() {}, event() {}, warn() {} };
    const request = { corpus: [at('text.txt')], checkpoint: at('run.safetensors'), steps: 1, backend: 'pure' } as const;
    await expect(runTraining(request, listener)).rejects.toThrow(/holds a run of 47 steps/);
    expect(readFileSync(at('run.safetensors')).equals(before)).toBe(true);
    const outcome = await runTraining({ ...request, overwrite: true }, listener);
    expect(outcome?.path).toBe(at('run.safetensors'));
  });
});

/** The request with its places in the folder. */
function placed(request: RunRequest, at: (name: string) => string): RunRequest {
  const place = (value: unknown) => (typeof value === 'string' && value !== '-' ? at(value) : value);
  const entries = Object.entries(request).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(place) : place(value),
  ]);
  return Object.fromEntries(entries) as RunRequest;
}
