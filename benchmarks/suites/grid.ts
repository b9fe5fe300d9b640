import { measuredRow, type RatedProblem } from '../rating.js';
import type { BarChart } from '../charts.js';
import { digits, percent, type Table } from '../table.js';
import type { Cell, Rule } from './thread-rules.js';

/** The problems' times, settings in the order of their names; none where any of the settings is absent. */
export function cellsOf(results: readonly RatedProblem[], names: readonly string[]): Cell[] {
  return results.flatMap((rated) => {
    const ms = names.map((name) => measuredRow(rated, name)?.msPerStep.median);
    const measured = ms.filter((value) => value !== undefined);
    return measured.length === ms.length ? [{ problem: rated.problem, ms: measured }] : [];
  });
}

/** ms/step of every size under every setting. */
export function gridTable(title: string, results: readonly RatedProblem[], names: readonly string[]): Table {
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
export function rulesTable(rules: readonly Rule[], names: readonly string[]): Table {
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
export function gridChart(title: string, cells: readonly Cell[], names: readonly string[]): BarChart {
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
