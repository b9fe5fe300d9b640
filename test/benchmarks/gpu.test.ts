import { spawnSync } from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import { gpuSuite, TORCH_ON_CARD } from '../../benchmarks/suites/gpu.js';
import { gflopPerStep } from '../../benchmarks/statistics.js';
import { reportText } from '../../benchmarks/report.js';
import type { RatedProblem } from '../../benchmarks/rating.js';
import { cardNames } from '../../src/backends/tensorflow/cuda.js';
import { UserError } from '../../src/errors.js';

// Each test starts processes, for which the harness itself waits up to 180 s.
vi.setConfig({ testTimeout: 300_000 });

const problem = { batchSize: 2, hiddenSize: 7, seqLength: 5, learningRate: 0.1 };
const metronome = (ms: number, ...flags: string[]) =>
  nodeProgram('fake-peer.ts', import.meta.url, ['--ms', String(ms), ...flags]);
const context = {
  quick: true,
  timing: { rounds: 3, secondsPerRound: 0.2, warmupSeconds: 0.1 },
  peers: [],
  numpy: [],
  torchPython: 'python3',
  corpus: { path: 'none', vocabularySize: 20 },
  minutes: 0,
  steps: 0,
  folder: '/nowhere',
  report: () => undefined,
};
const parts = {
  card: 'a fake card',
  gemm: () =>
    Promise.resolve({
      ours: { gflops: { 4096: 0.001 } },
      torch: { gflops: { 4096: 0.004 } },
      tf32: { absent: 'none' },
    }),
  contestants: [
    { name: 'min-char-rnn (CUDA)', launches: [metronome(4)] },
    { name: TORCH_ON_CARD, launches: [metronome(10)] },
  ],
  reader: metronome(4, '--overhead-ms', '6'),
  problems: [problem],
};

it('the suite gpu compares with PyTorch and with the faster of the two matrix products', async () => {
  const report = await gpuSuite(context, parts);
  const { problems, reading } = report.findings as { problems: RatedProblem[]; reading: Record<string, number> };
  const [ours] = problems[0].rows;
  if ('absent' in ours) throw new Error(ours.absent);
  expect(ours.ratio).toBeCloseTo(2.5, 12);
  expect(ours.gflopPerSecond).toBeCloseTo((gflopPerStep(problem, 20) * 1000) / ours.msPerStep.median, 12);
  const text = reportText(report);
  expect(text).toContain('70.9 %');
  expect(text).toContain(
    'a fake card. Matrix product: ours 0.00100 GFLOP/s, PyTorch 0.00400 GFLOP/s, PyTorch in TF32 absent.',
  );
  expect(reading.eachMs).toBeCloseTo(10, 9);
  expect(reading.togetherMs).toBeCloseTo(4.3, 9);
  expect(text).toContain('Reading every loss back at once: 10.0 ms/step');
  expect(text).toContain('that is 57.0 % of the former');
});

it('the suite gpu is refused without a card, before anything is measured', async () => {
  const gemm = () =>
    Promise.resolve({ ours: { absent: 'no CUDA device' }, torch: { absent: '' }, tf32: { absent: '' } });
  const refused = gpuSuite(context, { ...parts, gemm, contestants: [] });
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow(
    'the suite gpu must run on a machine with an NVIDIA card, but here is none: no CUDA device',
  );
});

const card = cardNames().length > 0;
it.skipIf(card)(`npm run bench -- gpu says so in one line${card ? ' (skipped: here is a card)' : ''}`, () => {
  const { command, args } = nodeProgram('../../benchmarks/main.ts', import.meta.url, ['gpu']);
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^the suite gpu must run on a machine with an NVIDIA card, but/);
});
