import { barChart, type BarChart } from '../charts.js';
import { isOurs, ourContestants } from '../contestants/our-contestants.js';
import { nodeProgram } from '../contestants/node-program.js';
import { NUMPY_PROGRAM } from '../contestants/peers.js';
import { type Problem, runContest } from '../contest.js';
import { fasterOf, type Gemm, measureGemm, peakOf } from '../peers/gemm-peak.js';
import { rate, type RatedProblem, speedBars } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { problemTable } from './problem-table.js';
import type { SuiteContext } from './context.js';

/** The specification's size and learning rate. */
const SPECIFICATION: Problem = { batchSize: 1, hiddenSize: 100, seqLength: 25, learningRate: 0.1 };

/** Sizes at which matrix products, not calls, take the time; the rate keeps the loss finite (0.1 diverges there). */
const LARGE: readonly Problem[] = [
  { batchSize: 32, hiddenSize: 100, seqLength: 25, learningRate: 0.02 },
  { batchSize: 32, hiddenSize: 256, seqLength: 64, learningRate: 0.02 },
  { batchSize: 64, hiddenSize: 512, seqLength: 64, learningRate: 0.02 },
];
/** A quick look leaves out the size at which the slowest contestant takes seconds a step. */
const QUICK_LARGE = LARGE.slice(0, 2);

/** Time of a training step at the specification's size: ours beside the peers. */
export async function stepSuite(context: SuiteContext): Promise<SuiteReport> {
  const problems = await contest([SPECIFICATION], context);
  const vectors = await measureGemm(nodeProgram('../peers/vector-peak.ts', import.meta.url));
  const line = describePeaks(vectors, (where) => where);
  return {
    findings: { reference: NUMPY_PROGRAM, vectors, problems },
    tables: problems.map((problem) => problemTable(problem, NUMPY_PROGRAM)),
    notes: [`Multiply-adds of WebAssembly's vectors of 128 bits on one core of this machine: ${line}.`],
    chart: () => barChart(speedChart('Training at the default settings', problems)),
  };
}

/** Training speed at larger sizes, with TensorFlow's matrix product as the yardstick. */
export async function throughputSuite(context: SuiteContext): Promise<SuiteReport> {
  const before = await measureGemm();
  const problems = await contest(context.quick ? QUICK_LARGE : LARGE, context);
  const gemm = fasterOf(before, await measureGemm());
  const line = describePeaks(gemm, (size) => `at ${size}x${size}`);
  return {
    findings: { reference: NUMPY_PROGRAM, gemm, problems },
    tables: problems.map((problem) => problemTable(problem, NUMPY_PROGRAM, peakOf(gemm))),
    notes: [`TensorFlow's own matrix product on this machine: ${line}.`],
    chart: () => barChart(speedChart('Training at larger sizes', problems)),
  };
}

async function contest(problems: readonly Problem[], context: SuiteContext): Promise<RatedProblem[]> {
  const { timing, corpus, report, peers } = context;
  const contestants = [...ourContestants(), ...peers];
  const results = await runContest({ ...timing, report, contestants, problems, corpus: corpus.path });
  return results.map((result) => rate(result, NUMPY_PROGRAM, corpus.vocabularySize));
}

function describePeaks(measured: Gemm, where: (name: string) => string): string {
  if ('absent' in measured) return `absent: ${measured.absent}`;
  const parts = Object.entries(measured.gflops).map(([name, value]) => `${value.toFixed(0)} GFLOP/s ${where(name)}`);
  return parts.join(', ');
}

/** Characters a second, ours in the strong colour. */
function speedChart(title: string, problems: readonly RatedProblem[]): BarChart {
  const groups = problems.map(({ title: label, rows }) => ({ label, rows: speedBars(rows, isOurs) }));
  return { title, unit: 'characters a second', groups };
}
