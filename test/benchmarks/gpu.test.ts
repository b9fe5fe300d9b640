import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import {
  type CardContestant,
  type CardProduct,
  type Precision,
  TORCH_ON_CARD,
} from '../../benchmarks/contestants/card-contestants.js';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import type { RatedProblem } from '../../benchmarks/rating.js';
import { reportText } from '../../benchmarks/report.js';
import { gpuSuite } from '../../benchmarks/suites/gpu.js';
import { cardNames } from '../../src/backends/tensorflow/cuda.js';
import { UserError } from '../../src/errors.js';
import { compiled } from '../compiled.js';

// Each test starts processes, for which the harness itself waits up to 180 s.
vi.setConfig({ testTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), 'gpu-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const corpus = join(folder, 'corpus.txt');
writeFileSync(corpus, 'abcdefghij klmnöpqrst');

function metronome(name: string, precision: Precision, ms: number, ...flags: string[]): CardContestant {
  const launch = nodeProgram('fake-peer.ts', compiled(import.meta.url), ['--ms', String(ms), ...flags]);
  return { name, precision, launches: [launch] };
}

function product(name: string, precision: Precision, answer: object): CardProduct {
  const args = ['--eval', `console.log('${JSON.stringify(answer)}')`];
  return { name, precision, launch: { command: process.execPath, args } };
}

const context = {
  quick: true,
  timing: { rounds: 3, secondsPerRound: 0.2, warmupSeconds: 0.1 },
  peers: [],
  numpy: [],
  torchPython: 'python3',
  corpus: { path: corpus, vocabularySize: 20 },
  minutes: 0,
  steps: 0,
  folder,
  report: () => undefined,
};
const parts = {
  card: 'a fake card',
  ours: [
    metronome('min-char-rnn (CUDA)', 'FP32', 4),
    metronome('min-char-rnn (WebGPU)', 'FP32', 1, '--absent', 'no graphics adapter'),
    metronome('min-char-rnn (CUDA, TF32)', 'TF32', 2, '--windows-per-call', '16'),
  ],
  peers: [metronome(TORCH_ON_CARD.FP32, 'FP32', 10), metronome(TORCH_ON_CARD.TF32, 'TF32', 3)],
  ourProducts: [
    product('TensorFlow', 'FP32', { gflops: { 4096: 0.001 } }),
    product('WebGPU', 'FP32', { absent: 'no adapter' }),
    product('TensorFlow', 'TF32', { gflops: { 4096: 0.01, 8192: 0.03 } }),
  ],
  peerProducts: [
    product('PyTorch', 'FP32', { gflops: { 4096: 0.004 } }),
    product('PyTorch', 'TF32', { absent: 'it fell ill' }),
  ],
  // One run lasts a second too long, as runs do on a busy machine.
  readers: [
    metronome('traced', 'FP32', 4, '--overhead-ms', '6', '--hiccup-in-run', '30'),
    metronome('WebGPU', 'FP32', 4, '--absent', 'no graphics adapter'),
  ],
  problems: [{ batchSize: 2, hiddenSize: 7, seqLength: 5, learningRate: 0.1 }],
};
const report = await gpuSuite(context, parts);
const text = reportText(report);
const { problems } = report.findings as { problems: RatedProblem[] };

function table(precision: Precision): string {
  return text.split('\n\n').find((part) => part.startsWith(`B=2 H=7 T=5, ${precision}\n`)) ?? '';
}

it('the suite gpu compares each precision with PyTorch and with the fastest product of the same', () => {
  // 6 B T H (H + V) = 11,340 operations a step: in 4 ms 0.002835 GFLOP/s, in 2 ms 0.00567.
  expect(table('FP32')).toMatch(/^min-char-rnn \(CUDA\) +4\.00 .* 70\.9 % +2\.50x /m);
  expect(table('TF32')).toMatch(/^min-char-rnn \(CUDA, TF32\) +2\.00 .* 18\.9 % +1\.50x /m);
  expect(problems.map(({ rows }) => rows.map(({ contestant }) => contestant))).toEqual([
    ['min-char-rnn (CUDA)', 'min-char-rnn (WebGPU)', TORCH_ON_CARD.FP32],
    ['min-char-rnn (CUDA, TF32)', TORCH_ON_CARD.TF32],
  ]);
});

it('the suite gpu names what is absent', () => {
  expect(table('FP32')).toMatch(/^min-char-rnn \(WebGPU\) +absent: no graphics adapter$/m);
  expect(text).toContain(
    'a fake card. Matrix product in FP32: TensorFlow 0.00100 GFLOP/s, WebGPU absent, PyTorch 0.00400 GFLOP/s; ' +
      'TF32: TensorFlow 0.0300 GFLOP/s, PyTorch absent.',
  );
});

it('the suite gpu trains whole calls on a text in which none is cut', () => {
  const [, tf32] = problems;
  const [row] = tf32.rows;
  if ('absent' in row) throw new Error(row.absent);
  expect(row.stepsPerRound % 16).toBe(0);
  const trained = readFileSync(String(row.details.corpus), 'utf8');
  // 64 windows of 5 and 6 characters more for each of 2 streams.
  expect(Array.from(trained)).toHaveLength(2 * (64 * 5 + 6));
});

it('the suite gpu takes the median cost of reading losses back, as a part of the time', () => {
  expect(text).toContain(
    'Reading losses back, traced, B=2 H=7 T=5: 10.0 ms/step where each is read at once, 4.30 where 20 are read ' +
      'together; that is 57.0 % of the former.',
  );
  expect(text).toContain('Reading losses back, WebGPU, B=2 H=7 T=5: not measured, no graphics adapter.');
});

it('the suite gpu runs on a card without CUDA', async () => {
  const ourProducts = [
    product('TensorFlow', 'FP32', { absent: 'no CUDA device' }),
    product('WebGPU', 'FP32', { gflops: { 4096: 0.004 } }),
  ];
  const absent = (name: string, precision: Precision) => metronome(name, precision, 1, '--absent', 'no CUDA device');
  const found = await gpuSuite(context, {
    ...parts,
    ours: [metronome('min-char-rnn (WebGPU)', 'FP32', 4)],
    peers: [absent(TORCH_ON_CARD.FP32, 'FP32'), absent(TORCH_ON_CARD.TF32, 'TF32')],
    ourProducts,
    peerProducts: [],
    readers: [],
  });
  expect(reportText(found)).toMatch(/^min-char-rnn \(WebGPU\) +4\.00 .* 70\.9 % +- /m);
});

it('the suite gpu is refused without a card, before anything is measured', async () => {
  const ourProducts = ['FP32', 'TF32'].map((precision) =>
    product('TensorFlow', precision as Precision, { absent: 'no CUDA device' }),
  );
  ourProducts.push(product('WebGPU', 'FP32', { absent: 'no graphics adapter' }));
  const refused = gpuSuite(context, { ...parts, ourProducts, problems: [] });
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow(
    'the suite gpu must run on a machine with a graphics card, but here is none ' +
      '(TensorFlow: no CUDA device; WebGPU: no graphics adapter)',
  );
});

const unsuited =
  cardNames().length > 0 || process.platform !== 'linux'
    ? ' (skipped: there may be a card, which cannot be hidden; on a machine without one)'
    : '';
it.skipIf(unsuited)(`npm run bench -- gpu says so in one line${unsuited}`, () => {
  const { command, args } = nodeProgram('../../benchmarks/main.ts', compiled(import.meta.url), ['gpu']);
  // Where no Vulkan driver is found there is no card for WebGPU either.
  const nowhere = join(folder, 'no-driver.json');
  const env = { ...process.env, VK_ICD_FILENAMES: nowhere, VK_DRIVER_FILES: nowhere };
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 240_000 });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^the suite gpu must run on a machine with a graphics card, but here is none \(TensorFlow: /),
  ]);
});
