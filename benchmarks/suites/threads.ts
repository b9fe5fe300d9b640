import { availableParallelism } from 'node:os';
import { barChart } from '../charts.js';
import { tracedLaunch } from '../contestants/our-contestants.js';
import { type Contestant, type Problem, runContest } from '../contest.js';
import { rate } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { chooseSettings } from '../../src/backends/tensorflow/threads.js';
import type { SuiteContext, Timing } from './context.js';
import { cellsOf, gridChart, gridTable, rulesTable } from './grid.js';
import { bestRule, type Cell, judge, type Rule } from './thread-rules.js';

const CORES = availableParallelism();

interface Setting {
  readonly name: string;
  /** Threads inside an op. */
  readonly threads: number;
  /** Parts that the streams are cut into, a thread each. */
  readonly shards: number;
  readonly oneDnn: boolean;
}

/** What is compared, by name; on a machine of one core the last two are the second. */
const SETTINGS: readonly Setting[] = [
  { name: '1 thread, oneDNN off', threads: 1, shards: 1, oneDnn: false },
  { name: '1 thread, oneDNN on', threads: 1, shards: 1, oneDnn: true },
  { name: `${CORES} threads in an op, oneDNN on`, threads: CORES, shards: 1, oneDnn: true },
  { name: `${CORES} shards, oneDNN on`, threads: 1, shards: CORES, oneDnn: true },
];
const NAMES = SETTINGS.map(({ name }) => name);

const BATCH_SIZES = [1, 4, 8, 16, 64];
const HIDDEN_SIZES = [100, 256, 512];
const GRID: readonly Problem[] = BATCH_SIZES.flatMap((batchSize) =>
  HIDDEN_SIZES.map((hiddenSize) => ({ batchSize, hiddenSize, seqLength: 25, learningRate: 0.01 })),
);
const QUICK_GRID = GRID.filter(({ batchSize }) => batchSize === 1 || batchSize === 64);

/** There are many cells, and their ratios are large. */
const TIMING: Timing = { rounds: 5, secondsPerRound: 0.5, warmupSeconds: 0.5 };

/** The grid of threads and kernels behind `SMALLEST_SHARD`, and the rule that picks best among them. */
export async function threadsSuite({ quick, timing, corpus, report }: SuiteContext): Promise<SuiteReport> {
  const problems = quick ? QUICK_GRID : GRID;
  const contestants: Contestant[] = SETTINGS.map((setting) => ({
    name: setting.name,
    launches: [tracedLaunch(environment(setting), setting.shards)],
  }));
  const options = { ...(quick ? timing : TIMING), report, contestants, problems, corpus: corpus.path };
  const results = (await runContest(options)).map((result) => rate(result, '', corpus.vocabularySize));
  const cells = cellsOf(results, NAMES);
  const rules = cells.length > 0 ? [currentRule(cells), ...bestRule(cells)] : [];
  return {
    findings: { problems: results, rules },
    tables: [
      gridTable('ms/step, traced, T = 25', results, NAMES),
      ...(rules.length > 0 ? [rulesTable(rules, NAMES)] : []),
    ],
    notes: [],
    chart: () => barChart(gridChart('Threads and kernels, traced step, T = 25', cells, NAMES)),
  };
}

function environment({ threads, shards, oneDnn }: Setting): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(shards),
    TF_ENABLE_ONEDNN_OPTS: oneDnn ? '1' : '0',
  };
}

/** What `chooseSettings` picks now. */
function currentRule(cells: readonly Cell[]): Rule {
  const picks = cells.map(({ problem }) => {
    const { intraOpThreads: threads, interOpThreads: shards, oneDnn } = chooseSettings(problem);
    return SETTINGS.findIndex(
      (setting) => setting.threads === threads && setting.shards === shards && setting.oneDnn === oneDnn,
    );
  });
  return { name: 'as it is (threads.ts)', ...judge(cells, picks) };
}
