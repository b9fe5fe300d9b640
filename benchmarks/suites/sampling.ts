import { barChart } from '../charts.js';
import { nodeProgram } from '../contestants/node-program.js';
import { wholeTrainer } from '../contestants/our-contestants.js';
import { type Contestant, type Problem, type ProblemResult, runContest } from '../contest.js';
import { measuredRow, rate, type RatedProblem, speedBars } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { preferenceFor } from '../../src/backends/choose.js';
import { digits, grouped, percent, type Table } from '../table.js';
import type { SuiteContext } from './context.js';
import { crossing } from './curves.js';
import { nameWithThreads } from './problem-table.js';
import { DEFAULTS } from '../../src/options/train-options.js';

const PURE = 'plain TypeScript';
const TRACED = 'TensorFlow, traced';
const OP_BY_OP = 'TensorFlow, op by op';
const RECORDED = 'WebAssembly, recorded';
const WITH_SAMPLES = 'with samples';
const WITHOUT_SAMPLES = 'without samples';

/** A "step" is a text of as many characters as a live sample has. */
const GENERATION: readonly Problem[] = [100, 256, 512].map((hiddenSize) => ({
  batchSize: 1,
  hiddenSize,
  seqLength: DEFAULTS.sampleLength,
  learningRate: 1,
}));

/** The default settings. */
const LIVE: Problem = { batchSize: 1, hiddenSize: 100, seqLength: 25, learningRate: 0.1 };

/** Speed of generating text, and what the samples that `train` shows by default cost. */
export async function samplingSuite(context: SuiteContext): Promise<SuiteReport> {
  const generation = (await contest(GENERATION, generators(), context)).map((result) => rate(result, PURE, 0));
  const live = (await contest([LIVE], liveTrainers(), context)).map((result) => rate(result, WITHOUT_SAMPLES, 0));
  const tensorflowFrom = winsFrom(generation);
  const liveShare = shareOfSamples(live[0]);
  return {
    findings: { generation, live, tensorflowFrom, liveShare },
    tables: generation.map(generationTable),
    notes: [crossingNote(tensorflowFrom), liveNote(liveShare)],
    chart: () => barChart({ title: 'Generating text', unit: 'characters a second', groups: generation.map(bars) }),
  };
}

function contest(
  problems: readonly Problem[],
  contestants: readonly Contestant[],
  { timing, corpus, report }: SuiteContext,
): Promise<ProblemResult[]> {
  return runContest({ ...timing, report, contestants, problems, corpus: corpus.path });
}

function generators(): Contestant[] {
  const sampler = (...flags: string[]) => [nodeProgram('../contestants/sampler.ts', import.meta.url, flags)];
  return [
    { name: PURE, launches: sampler('--backend', 'pure') },
    { name: TRACED, launches: sampler() },
    { name: RECORDED, launches: sampler('--backend', 'wasm') },
    { name: OP_BY_OP, launches: sampler('--compile', 'false') },
  ];
}

/** On the backend that `train` takes by itself. */
function liveTrainers(): Contestant[] {
  const [{ backend }] = preferenceFor(LIVE).candidates;
  const trainer = (samples: boolean) => [wholeTrainer('--samples', String(samples), '--backend', backend)];
  return [
    { name: WITHOUT_SAMPLES, launches: trainer(false) },
    { name: WITH_SAMPLES, launches: trainer(true) },
  ];
}

/** H from which TensorFlow, traced, generates faster than plain TypeScript; undefined where it was not measured. */
function winsFrom(generation: readonly RatedProblem[]): number | undefined {
  const points = generation.flatMap((problem) => {
    const ratio = measuredRow(problem, TRACED)?.ratio;
    return ratio === undefined ? [] : [{ x: problem.problem.hiddenSize, ratio }];
  });
  return points.length > 0 ? crossing(points) : undefined;
}

function crossingNote(hiddenSize: number | undefined): string {
  if (hiddenSize === undefined) return 'TensorFlow is absent, so plain TypeScript generates at every size.';
  if (hiddenSize === Infinity)
    return 'Plain TypeScript generates faster than TensorFlow, traced, at every measured size.';
  if (hiddenSize === 0) return 'TensorFlow, traced, generates faster than plain TypeScript at every measured size.';
  return `TensorFlow, traced, generates faster than plain TypeScript from H = ${hiddenSize.toFixed(0)} on.`;
}

/** The part of training time that the samples take: 1 - time without / time with. */
function shareOfSamples(live: RatedProblem | undefined): number | undefined {
  const ratio = live && measuredRow(live, WITH_SAMPLES)?.ratio;
  return ratio === undefined ? undefined : 1 - ratio;
}

function liveNote(share: number | undefined): string {
  const what = `${DEFAULTS.sampleLength} characters every ${DEFAULTS.sampleEvery} steps at the default settings`;
  const found = share === undefined ? 'not measured' : `${percent(share)} of the training time`;
  return `Live samples of ${what}: ${found}.`;
}

function generationTable({ problem, rows }: RatedProblem): Table {
  return {
    title: titleOf(problem),
    head: ['', 'chars/s', 'µs/char', `vs ${PURE}`],
    rows: rows.map((row) => {
      if ('absent' in row) return { name: row.contestant, absent: row.absent };
      const ratio = row.ratio === undefined ? '-' : `${digits(row.ratio)}x`;
      return [nameWithThreads(row), grouped(row.charsPerSecond), digits(1e6 / row.charsPerSecond), ratio];
    }),
  };
}

function titleOf({ hiddenSize }: Problem): string {
  return `H=${hiddenSize}`;
}

function bars(problem: RatedProblem) {
  return { label: titleOf(problem.problem), rows: speedBars(problem.rows, (contestant) => contestant !== OP_BY_OP) };
}
