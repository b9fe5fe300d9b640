import { grouped, type Table } from '../../benchmarks/table.js';
import type { Row } from '../stress/signal-report.js';

/** What each storm is, in the order of the table. */
const STORMS: Readonly<Record<string, string>> = {
  resize: 'a terminal (tmux) resized up to 1,000 times a second',
  children: 'child processes ending, four at once',
  sigusr2: 'SIGUSR2, up to 1,000 a second',
  'cpu-prof': '`--cpu-prof` at 100 µs',
  'ctrl-c': 'Ctrl-C, then a resume from the checkpoint',
};

const isUnguarded = ({ mode }: Row) => mode.endsWith('without the guard');

/** A row a storm, over all processors and modes. */
export function stormSummary(rows: readonly Row[]): Table {
  return {
    title: '',
    head: ['Storm', 'Minutes', 'Signals', 'Aborts', 'Without the guard'],
    rows: Object.entries(STORMS).map(([name, shown]) => [
      shown,
      ...numbersOf(rows.filter((row) => row.storm === name)),
    ]),
  };
}

function numbersOf(rows: readonly Row[]): string[] {
  const guarded = rows.filter((row) => !isUnguarded(row));
  const sum = (of: (row: Row) => number) => guarded.reduce((total, row) => total + of(row), 0);
  return [
    grouped(sum(({ seconds }) => seconds) / 60),
    grouped(sum(({ sent }) => sent)),
    grouped(sum(({ aborts }) => aborts.length)),
    rows.filter(isUnguarded).map(withoutGuard).join(', '),
  ];
}

function withoutGuard({ aborts, seconds }: Row): string {
  const [signal] = aborts;
  return signal === undefined ? `none in ${seconds.toFixed(0)} s` : `${signal} after ${seconds.toFixed(0)} s`;
}
