import { preferenceFor } from '../../src/backends/choose.js';
import type { BackendName } from '../../src/model/trainable-model.js';
import { barChart } from '../charts.js';
import { backendLaunch } from '../contestants/our-contestants.js';
import { type Contestant, type Problem, runContest } from '../contest.js';
import { rate } from '../rating.js';
import type { SuiteReport } from '../report.js';
import type { SuiteContext, Timing } from './context.js';
import { cellsOf, gridChart, gridTable, rulesTable } from './grid.js';
import { bestRule, type Cell, judge, type Rule } from './thread-rules.js';

/** Those between which `--backend auto` chooses by the size; each with the threads and kernels that it takes by itself. */
const COMPARED: readonly { name: string; backend: BackendName }[] = [
  { name: 'wasm, recorded', backend: 'wasm' },
  { name: 'TensorFlow, traced', backend: 'tensorflow' },
];
const NAMES = COMPARED.map(({ name }) => name);

const BATCH_SIZES = [1, 2, 4, 8, 16];
const HIDDEN_SIZES = [64, 100, 256, 512];
const GRID: readonly Problem[] = BATCH_SIZES.flatMap((batchSize) =>
  HIDDEN_SIZES.map((hiddenSize) => ({ batchSize, hiddenSize, seqLength: 25, learningRate: 0.01 })),
);
const QUICK_GRID = GRID.filter(({ batchSize, hiddenSize }) => batchSize < 8 && hiddenSize < 500);

const TIMING: Timing = { rounds: 5, secondsPerRound: 0.5, warmupSeconds: 0.5 };

/** The grid of backends and sizes behind `SMALL_STEP`, and the rule that picks best between them. */
export async function backendsSuite({ quick, timing, corpus, report }: SuiteContext): Promise<SuiteReport> {
  const problems = quick ? QUICK_GRID : GRID;
  const contestants: Contestant[] = COMPARED.map(({ name, backend }) => ({
    name,
    launches: [backendLaunch(backend)],
  }));
  const options = { ...(quick ? timing : TIMING), report, contestants, problems, corpus: corpus.path };
  const results = (await runContest(options)).map((result) => rate(result, '', corpus.vocabularySize));
  const cells = cellsOf(results, NAMES);
  const rules = cells.length > 0 ? [currentRule(cells), ...bestRule(cells)] : [];
  return {
    findings: { problems: results, rules },
    tables: [gridTable('ms/step, T = 25', results, NAMES), ...(rules.length > 0 ? [rulesTable(rules, NAMES)] : [])],
    notes: [],
    chart: () => barChart(gridChart('Backends, T = 25', cells, NAMES)),
  };
}

/** What `--backend auto` picks now. */
function currentRule(cells: readonly Cell[]): Rule {
  const picks = cells.map(({ problem }) => {
    const [first] = preferenceFor(problem).candidates;
    return COMPARED.findIndex(({ backend }) => backend === first.backend);
  });
  return { name: 'as it is (choose.ts)', ...judge(cells, picks) };
}
