import { cardNames } from '../../src/backends/tensorflow/cuda.js';
import { messageOf, UserError } from '../../src/errors.js';
import { barChart } from '../charts.js';
import { Child, type Launch } from '../child.js';
import { nodeProgram } from '../contestants/node-program.js';
import { cardContestants, OUR_NAME } from '../contestants/our-contestants.js';
import { pythonPeer } from '../contestants/peers.js';
import { type Contestant, type Problem, runContest } from '../contest.js';
import { type Gemm, measureGemm, peakOf } from '../peers/gemm-peak.js';
import { rate } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { digits, percent } from '../table.js';
import type { SuiteContext } from './context.js';
import { problemTable } from './problem-table.js';

/** The row that all ratios compare with. */
export const TORCH_ON_CARD = 'PyTorch nn.RNN (CUDA)';

const HIDDEN_SIZES = [256, 512, 1024, 2048];
const GRID: readonly Problem[] = [64, 256, 1024].flatMap((batchSize) =>
  HIDDEN_SIZES.map((hiddenSize) => ({ batchSize, hiddenSize, seqLength: 64, learningRate: 0.01 })),
);
const QUICK_GRID = GRID.filter(({ batchSize, hiddenSize }) => batchSize === 64 && hiddenSize < 1000);

/** Where the cost of reading back is measured: the smallest step shows it best. */
const READING: Problem = GRID[0];
const READS = 20;

/** What is measured; replaced by tests, which have no card. */
export interface GpuParts {
  /** The card's name. */
  readonly card: string;
  /** The matrix product of our runtime and of PyTorch, float32; and PyTorch's in TF32. */
  readonly gemm: () => Promise<{ readonly ours: Gemm; readonly torch: Gemm; readonly tf32: Gemm }>;
  readonly contestants: readonly Contestant[];
  /** The one whose reading back is measured. */
  readonly reader: Launch;
  readonly problems: readonly Problem[];
}

/**
 * Training on an NVIDIA card: ours beside PyTorch at many sizes, what part of the matrix product's speed they reach, and
 * what it costs to read a loss back after every step.
 * @throws UserError where our runtime finds no card.
 */
export async function gpuSuite(context: SuiteContext, parts: GpuParts = partsFor(context)): Promise<SuiteReport> {
  const { timing, corpus, report } = context;
  const { card, contestants, problems } = parts;
  const gemm = await parts.gemm();
  if ('absent' in gemm.ours) {
    throw new UserError(
      `the suite gpu must run on a machine with an NVIDIA card, but here is none: ${gemm.ours.absent}`,
    );
  }
  const raw = await runContest({ ...timing, report, contestants, problems, corpus: corpus.path });
  const results = raw.map((result) => rate(result, TORCH_ON_CARD, corpus.vocabularySize));
  const reading = await readingCost(parts.reader, { ...READING, corpus: corpus.path });
  const peak = Math.max(peakOf(gemm.ours) ?? 0, peakOf(gemm.torch) ?? 0);
  return {
    findings: { card, reference: TORCH_ON_CARD, gemm, problems: results, reading },
    tables: results.map((problem) => problemTable(problem, TORCH_ON_CARD, peak)),
    notes: [`${card}. Matrix product: ${gemmLine(gemm)}.`, readingLine(reading)],
    chart: () => {
      const groups = results.map(({ title: label, rows }) => ({
        label,
        rows: rows.map((row) => ({
          name: row.contestant,
          value: 'absent' in row ? NaN : row.charsPerSecond,
          highlight: row.contestant.startsWith(OUR_NAME),
        })),
      }));
      return barChart({ title: `Training on ${card}`, unit: 'characters a second', groups });
    },
  };
}

function partsFor({ quick, torchPython }: SuiteContext): GpuParts {
  const torch = (...flags: string[]) => measureGemm(pythonPeer(torchPython, 'torch_gemm.py', ...flags));
  const own = nodeProgram('../contestants/card-gemm.ts', import.meta.url);
  const contestants = cardContestants();
  const [traced] = contestants;
  return {
    card: cardNames().join(', ') || 'an unknown card',
    gemm: async () => {
      const ours = await measureGemm(own);
      const none: Gemm = { absent: 'not measured without a card' };
      return 'absent' in ours
        ? { ours, torch: none, tf32: none }
        : { ours, torch: await torch(), tf32: await torch('--tf32') };
    },
    contestants: [
      ...contestants,
      { name: TORCH_ON_CARD, launches: [pythonPeer(torchPython, 'torch_rnn.py', '--device', 'cuda')] },
    ],
    reader: 'launches' in traced ? traced.launches[0] : own,
    problems: quick ? QUICK_GRID : GRID,
  };
}

/** Milliseconds of a step whose loss is read back at once, and of one among many that are read back together. */
type Reading = { readonly eachMs: number; readonly togetherMs: number } | { readonly absent: string };

async function readingCost(launch: Launch, settings: Parameters<typeof Child.start>[1]): Promise<Reading> {
  try {
    const { child } = await Child.start(launch, settings);
    try {
      await child.run(READS);
      let each = 0;
      for (let i = 0; i < READS; i++) each += (await child.run(1)).seconds;
      const together = (await child.run(READS)).seconds;
      return { eachMs: (each * 1000) / READS, togetherMs: (together * 1000) / READS };
    } finally {
      await child.stop();
    }
  } catch (error) {
    return { absent: messageOf(error) };
  }
}

function readingLine(reading: Reading): string {
  if ('absent' in reading) return `Reading losses back: not measured, ${reading.absent}.`;
  const { eachMs, togetherMs } = reading;
  const cost = eachMs - togetherMs;
  return (
    `Reading every loss back at once: ${digits(eachMs)} ms/step at B=${READING.batchSize} H=${READING.hiddenSize}, ` +
    `together after ${READS} steps: ${digits(togetherMs)}; that is ${percent(Math.max(0, cost) / eachMs)} of the former.`
  );
}

function gemmLine(gemm: Readonly<Record<'ours' | 'torch' | 'tf32', Gemm>>): string {
  const names = { ours: 'ours', torch: 'PyTorch', tf32: 'PyTorch in TF32' };
  const parts = (['ours', 'torch', 'tf32'] as const).map((who) => {
    const peak = peakOf(gemm[who]);
    return `${names[who]} ${peak === undefined ? 'absent' : `${digits(peak)} GFLOP/s`}`;
  });
  return parts.join(', ');
}
