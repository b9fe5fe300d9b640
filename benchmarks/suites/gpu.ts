import { cardNames } from '../../src/backends/tensorflow/cuda.js';
import { UserError } from '../../src/errors.js';
import { barChart } from '../charts.js';
import {
  type CardContestant,
  cardContestants,
  type CardProduct,
  cardProducts,
  cardReaders,
  type Precision,
  PRECISIONS,
  TORCH_ON_CARD,
  torchContestants,
  torchProducts,
} from '../contestants/card-contestants.js';
import { isOurs } from '../contestants/our-contestants.js';
import { describeProblem, type Problem, type ProblemResult, runContest } from '../contest.js';
import { rate, type RatedProblem, speedBars } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { cardPeak, measureProducts, type MeasuredProduct, productsLine } from './card-peaks.js';
import { writeCardText } from './card-text.js';
import type { SuiteContext } from './context.js';
import { problemTable } from './problem-table.js';
import { type ReadingCost, readingCost, readingLine } from './reading-cost.js';

const HIDDEN_SIZES = [256, 512, 1024, 2048];
const GRID: readonly Problem[] = [64, 256, 1024].flatMap((batchSize) =>
  HIDDEN_SIZES.map((hiddenSize) => ({ batchSize, hiddenSize, seqLength: 64, learningRate: 0.01 })),
);
const QUICK_GRID = GRID.filter(({ batchSize, hiddenSize }) => batchSize === 64 && hiddenSize < 1000);

/** What is measured; replaced by tests, which have no card. */
export interface GpuParts {
  /** The card's name. */
  readonly card: string;
  readonly ours: readonly CardContestant[];
  readonly peers: readonly CardContestant[];
  /** Our own runtimes': where none of them runs, there is no card. */
  readonly ourProducts: readonly CardProduct[];
  readonly peerProducts: readonly CardProduct[];
  /** Those of ours whose cost of reading losses back is measured. */
  readonly readers: readonly CardContestant[];
  /** The first is where the cost of reading back is measured: the smallest step shows it best. */
  readonly problems: readonly Problem[];
}

/** The rows of one size in one precision. */
interface CardProblem extends RatedProblem {
  readonly precision: Precision;
}

/**
 * Training on a graphics card: ours beside PyTorch at many sizes, in float32 and in TF32, what part of the matrix
 * product's speed they reach, and what it costs to read a loss back after every step.
 * @throws UserError where none of our runtimes finds a card.
 */
export async function gpuSuite(context: SuiteContext, parts: GpuParts = partsFor(context)): Promise<SuiteReport> {
  const { card } = parts;
  const own = await measureProducts(parts.ourProducts);
  if (own.every(({ gemm }) => 'absent' in gemm)) throw new UserError(refusal(own));
  const products = [...own, ...(await measureProducts(parts.peerProducts))];
  const problems = await contest(context, parts);
  const reading = await readingCosts(context, parts);
  const size = describeProblem(parts.problems[0]);
  const groups = problems.map(({ title: label, rows }) => ({ label, rows: speedBars(rows, isOurs) }));
  return {
    findings: { card, references: TORCH_ON_CARD, products, problems, reading },
    tables: problems.map((rated) =>
      problemTable(rated, TORCH_ON_CARD[rated.precision], cardPeak(products, rated.precision)),
    ),
    notes: [`${card}. Matrix product in ${productsLine(products)}.`, ...reading.map((cost) => readingLine(cost, size))],
    chart: () => barChart({ title: `Training on ${card}`, unit: 'characters a second', groups }),
  };
}

function partsFor({ quick, torchPython }: SuiteContext): GpuParts {
  return {
    card: cardNames().join(', ') || 'a graphics card',
    ours: cardContestants(),
    peers: torchContestants(torchPython),
    ourProducts: cardProducts(),
    peerProducts: torchProducts(torchPython),
    readers: cardReaders(),
    problems: quick ? QUICK_GRID : GRID,
  };
}

function refusal(products: readonly MeasuredProduct[]): string {
  const reasons = new Map(products.flatMap(({ name, gemm }) => ('absent' in gemm ? [[name, gemm.absent]] : [])));
  const each = Array.from(reasons, ([name, reason]) => `${name}: ${reason}`);
  return `the suite gpu must run on a machine with a graphics card, but here is none (${each.join('; ')})`;
}

async function contest({ timing, corpus, report, folder }: SuiteContext, parts: GpuParts): Promise<CardProblem[]> {
  const contestants = [...parts.ours, ...parts.peers];
  const rated: CardProblem[] = [];
  for (const problem of parts.problems) {
    const text = await writeCardText(problem, corpus.path, folder);
    const [result] = await runContest({ ...timing, report, contestants, problems: [problem], corpus: text });
    for (const precision of PRECISIONS) {
      const own = rowsOf(result, contestants, precision);
      if (own.rows.length > 0) rated.push(rateIn(precision, own, corpus.vocabularySize));
    }
  }
  return rated;
}

function rowsOf({ problem, rows }: ProblemResult, contestants: readonly CardContestant[], precision: Precision) {
  // Rows are in the order of the contestants.
  return { problem, rows: rows.filter((_, i) => contestants[i].precision === precision) };
}

function rateIn(precision: Precision, result: ProblemResult, vocabularySize: number): CardProblem {
  const rated = rate(result, TORCH_ON_CARD[precision], vocabularySize);
  return { ...rated, title: `${rated.title}, ${precision}`, precision };
}

async function readingCosts({ timing, corpus, folder, report }: SuiteContext, parts: GpuParts): Promise<ReadingCost[]> {
  const [problem] = parts.problems;
  const settings = { ...problem, corpus: await writeCardText(problem, corpus.path, folder) };
  const costs: ReadingCost[] = [];
  for (const { name, launches } of parts.readers) {
    report(`reading losses back: ${name}`);
    costs.push(await readingCost(name, launches[0], settings, timing.rounds));
  }
  return costs;
}
