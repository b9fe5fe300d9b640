import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from '../../src/bench/statistics.js';
import { buildProgram } from '../build-program.js';
import { barChart } from '../charts.js';
import type { SuiteReport } from '../report.js';
import type { SuiteContext } from './context.js';
import { digits, type Table } from '../table.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIB = 2 ** 20;
const ROUNDS = { full: 41, quick: 5 };

/** Programs that import the built package, beside one that imports nothing. */
const PROGRAMS = [
  { name: 'an empty program', file: undefined },
  { name: 'import min-char-rnn', file: 'dist/index.js' },
  { name: 'import min-char-rnn/tensorflow', file: 'dist/tensorflow.js' },
] as const;

/** What a process came to after the import. */
interface Look {
  /** Since the process was started. */
  readonly ms: number;
  /** Bytes of resident memory. */
  readonly resident: number;
}

/** What importing the library takes a program: fresh processes of each kind by turns; what counts is the median. */
export function importSuite({ quick, report }: SuiteContext): Promise<SuiteReport> {
  report('import: building');
  buildProgram();
  const rounds: Look[][] = [];
  for (let round = 0; round < (quick ? ROUNDS.quick : ROUNDS.full); round++) {
    rounds.push(PROGRAMS.map(({ file }) => lookAt(file)));
  }
  const programs = PROGRAMS.map(({ name }, i) => ({
    name,
    ...overEmpty(rounds, i),
    looks: rounds.map((round) => round[i]),
  }));
  const rows = programs.map(({ name, addedMs }) => ({ name, value: addedMs, highlight: true })).slice(1);
  return Promise.resolve({
    findings: { programs },
    tables: [importTable(programs)],
    notes: [],
    chart: () =>
      barChart({
        title: 'Importing the library',
        unit: 'milliseconds more than an empty program takes',
        groups: [{ label: `Node ${process.versions.node}`, rows }],
      }),
  });
}

function lookAt(file: string | undefined): Look {
  const importing = file === undefined ? '' : `await import('${pathToFileURL(join(ROOT, file)).href}');`;
  const code = `${importing} console.log(JSON.stringify({ ms: performance.now(), resident: process.memoryUsage().rss }))`;
  const parameters = ['--input-type=module', '--eval', code];
  return JSON.parse(execFileSync(process.execPath, parameters, { encoding: 'utf8' })) as Look;
}

/** Medians of a program, and of what it takes more than the empty one of the same round. */
function overEmpty(rounds: readonly Look[][], program: number) {
  const middle = (value: (round: Look[]) => number) => median(rounds.map(value));
  return {
    ms: middle((round) => round[program].ms),
    resident: middle((round) => round[program].resident),
    addedMs: middle((round) => round[program].ms - round[0].ms),
    addedResident: middle((round) => round[program].resident - round[0].resident),
  };
}

function importTable(programs: readonly ({ readonly name: string } & ReturnType<typeof overEmpty>)[]): Table {
  return {
    title: `Importing the library, Node ${process.versions.node}`,
    head: ['program', 'ms', 'more than empty', 'resident memory, MiB', 'more than empty'],
    rows: programs.map(({ name, ms, resident, addedMs, addedResident }) => [
      name,
      digits(ms),
      digits(addedMs),
      digits(resident / MIB),
      digits(addedResident / MIB),
    ]),
  };
}
