import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SMALL_STEP } from '../../src/backends/choose.js';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { readSafetensors } from '../../src/checkpoint/safetensors.js';
import { TRAIN_OPTIONS } from '../../src/options/train-options.js';
import { flagOf } from '../../src/options/names.js';
import { page, ROOT, rowsOf } from './pages.js';

const CHECKPOINT = join(ROOT, 'test/fixtures/pure-60.safetensors');

it('every message of the troubleshooting page is one of the program', () => {
  const listed = execFileSync('git', ['ls-files', 'src/*.ts'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const source = listed
    .filter(Boolean)
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n')
    // A message may be joined from pieces.
    .replace(/['`]\s*\+\s*['`]/g, '');
  const messages = [...page('docs/troubleshooting.md').text.matchAll(/^\| `([^`]+)`/gm)].map(([, message]) => message);
  expect(messages.length).toBeGreaterThan(10);
  expect(messages.filter((message) => !source.includes(message))).toEqual([]);
});

it('the line beside each equation is one of step.ts', () => {
  const source = readFileSync(join(ROOT, 'src/model/tensor/step.ts'), 'utf8');
  const lines = rowsOf(page('docs/how-it-works.md')).filter(([, name]) => source.includes(`function ${name}(`));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter(([, , line]) => !source.includes(line))).toEqual([]);
});

it('the page on checkpoints names every tensor and every key of the metadata, and no other', async () => {
  const { tensors, metadata } = await readSafetensors(CHECKPOINT);
  const names = rowsOf(page('docs/checkpoints.md')).map(([cell]) => cell.replaceAll('`', ''));
  const named = names.flatMap((cell) => cell.split(', ')).filter((name) => !/^(Name|Key|-+)$/.test(name));
  expect(named.sort()).toEqual([...tensors.keys(), ...Object.keys(metadata)].sort());
});

it('the page on checkpoints names every value of a run and of its text', async () => {
  const { run, corpus } = await loadCheckpoint(CHECKPOINT);
  const { text } = page('docs/checkpoints.md');
  expect([...Object.keys(run), ...Object.keys(corpus)].filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
});

it('the page on training, or one that it leads to, has every option of train', () => {
  const text = ['training', 'checkpoints', 'large-texts', 'backends', 'gpu', 'cluster', 'trace', 'pages', 'sampling']
    .map((name) => page(`docs/${name}.md`).text)
    .join('\n');
  const names = Object.keys(TRAIN_OPTIONS) as (keyof typeof TRAIN_OPTIONS)[];
  const absent = names
    .map(flagOf)
    .filter((flag) => !text.includes(flag) && !text.includes(flag.replace('--', '--no-')));
  expect(absent).toEqual([]);
});

it('the page on backends has the size from which auto takes TensorFlow', () => {
  expect(page('docs/backends.md').text).toContain(`is below ${SMALL_STEP.toLocaleString('en-US')}, TensorFlow`);
});

it('the README has 200 lines at most', () => {
  expect(page('README.md').text.split('\n').length - 1).toBeLessThanOrEqual(200);
});
