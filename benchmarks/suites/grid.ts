import { type BarChart, barChart } from '../charts.js';
import { type Contestant, type Problem, runContest, type Timing } from '../contest.js';
import { measuredRow, rate, type RatedProblem } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { digits, percent, type Table } from '../table.js';
import type { SuiteContext } from './context.js';
import { bestRule, type Cell, judge, type Rule } from './thread-rules.js';

/** There are many cells, and their ratios are large. */
const TIMING: Timing = { rounds: 5, secondsPerRound: 0.5, warmupSeconds: 0.5 };

/** Settings that are compared at many sizes, to find the rule that picks among them. */
export interface Grid {
  /** Of the chart and of the table. */
  readonly titles: { readonly chart: string; readonly table: string };
  readonly contestants: readonly Contestant[];
  readonly problems: readonly Problem[];
  /** What is picked now: the index of a contestant for a size. */
  readonly current: { readonly name: string; readonly pick: (problem: Cell['problem']) => number };
}

/** All sizes of so many streams and hidden units, with 25 time steps. */
export function sizesOf(batchSizes: readonly number[], hiddenSizes: readonly number[]): Problem[] {
  return batchSizes.flatMap((batchSize) =>
    hiddenSizes.map((hiddenSize) => ({ batchSize, hiddenSize, seqLength: 25, learningRate: 0.01 })),
  );
}

/** Measures a grid and looks for the rule that picks best. */
export async function gridSuite(
  { quick, timing, corpus, report }: SuiteContext,
  { titles, contestants, problems, current }: Grid,
): Promise<SuiteReport> {
  const names = contestants.map(({ name }) => name);
  const options = { ...(quick ? timing : TIMING), report, contestants, problems, corpus: corpus.path };
  const results = (await runContest(options)).map((result) => rate(result, '', corpus.vocabularySize));
  const cells = cellsOf(results, names);
  const picks = cells.map(({ problem }) => current.pick(problem));
  const rules = cells.length > 0 ? [{ name: current.name, ...judge(cells, picks) }, ...bestRule(cells)] : [];
  return {
    findings: { problems: results, rules },
    tables: [gridTable(titles.table, results, names), ...(rules.length > 0 ? [rulesTable(rules, names)] : [])],
    notes: [],
    chart: () => barChart(gridChart(titles.chart, cells, names)),
  };
}

/** The problems' times, settings in the order of their names; none where any of the settings is absent. */
function cellsOf(results: readonly RatedProblem[], names: readonly string[]): Cell[] {
  return results.flatMap((rated) => {
    const ms = names.map((name) => measuredRow(rated, name)?.msPerStep.median);
    const measured = ms.filter((value) => value !== undefined);
    return measured.length === ms.length ? [{ problem: rated.problem, ms: measured }] : [];
  });
}

/** ms/step of every size under every setting. */
function gridTable(title: string, results: readonly RatedProblem[], names: readonly string[]): Table {
  return {
    title,
    head: ['', ...names],
    rows: results.map((rated) => [
      sizeOf(rated.problem),
      ...names.map((name) => {
        const row = measuredRow(rated, name);
        return row ? digits(row.msPerStep.median) : 'absent';
      }),
    ]),
  };
}

/** Rules with what they lose; `names` are those of the settings that they pick among. */
function rulesTable(rules: readonly Rule[], names: readonly string[]): Table {
  return {
    title: 'Rules, and the time that they lose against the best of each size',
    head: ['', 'below', 'from there on', 'at worst', 'on average'],
    rows: rules.map(({ name, small, large, worst, mean }) => [
      name,
      small === undefined ? '' : names[small],
      large === undefined ? '' : names[large],
      percent(worst),
      percent(mean),
    ]),
  };
}

/** Each size's times as multiples of the fastest, that one in the strong colour. */
function gridChart(title: string, cells: readonly Cell[], names: readonly string[]): BarChart {
  const groups = cells.map(({ problem, ms }) => {
    const fastest = Math.min(...ms);
    const rows = names.map((name, i) => ({ name, value: ms[i] / fastest, highlight: ms[i] === fastest }));
    return { label: sizeOf(problem), rows };
  });
  return { title, unit: 'times the time of the fastest', groups };
}

function sizeOf({ batchSize, hiddenSize }: Cell['problem']): string {
  return `B=${batchSize} H=${hiddenSize}`;
}
