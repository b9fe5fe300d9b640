import { grouped, type Table } from '../../benchmarks/table.js';
import type { SiegeOutcome } from './siege.js';

/** A row of the table: what was stressed, and the result. */
export interface Row extends SiegeOutcome {
  storm: string;
  processor: string;
  mode: string;
}

/** A process that aborts at once takes the count of its signals with it. */
const isUncounted = ({ sent, aborts }: Row) => sent === 0 && aborts.length > 0;

/** The rows as a table. */
export function stormTable(rows: readonly Row[]): Table {
  return {
    title: 'Signals while TensorFlow computes',
    head: [
      'storm, processor, mode',
      'seconds',
      'processes',
      'signals sent',
      'a second',
      'handled',
      'steps',
      'characters',
      'aborts',
    ],
    rows: rows.map((row) => [
      `${row.storm}, ${row.processor}, ${row.mode}`,
      row.seconds.toFixed(0),
      grouped(row.processes),
      isUncounted(row) ? '-' : grouped(row.sent),
      isUncounted(row) ? '-' : grouped(row.sent / row.sendingSeconds),
      grouped(row.received),
      grouped(row.steps),
      grouped(row.characters),
      row.aborts.length === 0 ? '0' : `${row.aborts.length} (${[...new Set(row.aborts)].join(', ')})`,
    ]),
  };
}

/** The rows of one storm on one processor as one. */
export function sumOf(rows: readonly Row[]): Row {
  const add = (key: 'seconds' | 'sendingSeconds' | 'processes' | 'sent' | 'received' | 'steps' | 'characters') =>
    rows.reduce((sum, row) => sum + row[key], 0);
  return {
    ...rows[0],
    mode: 'all modes',
    seconds: add('seconds'),
    sendingSeconds: add('sendingSeconds'),
    processes: add('processes'),
    sent: add('sent'),
    received: add('received'),
    steps: add('steps'),
    characters: add('characters'),
    aborts: rows.flatMap(({ aborts }) => aborts),
    failures: rows.flatMap(({ failures }) => failures),
  };
}

/** A row in words, to print as soon as it is known. */
export function summaryLine({ storm, processor, mode, seconds, sent, aborts }: Row): string {
  return `${storm}, ${processor}, ${mode}: ${seconds.toFixed(0)} s, ${grouped(sent)} signals, ${aborts.length} aborts`;
}
