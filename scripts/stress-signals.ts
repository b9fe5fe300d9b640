/**
 * Storms of signals over every mode that the program runs in on TensorFlow, which must not abort. Usage:
 * tsx scripts/stress-signals.ts [--seconds 60] [--only STORM] [--jobs 3] [--results FOLDER]
 *
 * Each storm takes `--seconds` a processor (as it is, and without AVX-512), shared among the modes; `--jobs` of them run
 * at a time. The last row of each shows the same without the guard: the binding as tfjs-node comes with it, until it
 * aborts, or for a minute. Exit code 1 when anything else aborted. Needs a finished set-up, Python, and tmux for
 * `resize`; so far for Linux.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, machineLine } from '../benchmarks/machine.js';
import { markdownTable, textTable } from '../benchmarks/table.js';
import { setupNative } from '../src/native/setup.js';
import { fromSources } from './stress/from-sources.js';
import { MODEL, MODES, PROCESSORS } from './stress/modes.js';
import { hasTmux } from './stress/victim.js';
import { siege } from './stress/siege.js';
import { type Row, stormTable, summaryLine, sumOf } from './stress/signal-report.js';
import { type Storm, STORMS } from './stress/storms.js';
import { compileUnguarded } from './stress/unguarded.js';

/** Seconds that the binding without a guard gets to abort in. */
const CONTROL_SECONDS = 60;

/** The mode of the last rows. */
const UNGUARDED = 'op by op, without the guard';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '3' },
    results: { type: 'string' },
  },
});
const [seconds, jobs] = [positive('seconds', values.seconds), positive('jobs', values.jobs)];
const storms = STORMS.filter(({ name }) => values.only === undefined || name === values.only);
if (storms.length === 0) throw new Error(`--only must be one of ${STORMS.map(({ name }) => name).join(', ')}`);
if (storms.some(({ terminal }) => terminal) && !hasTmux()) throw new Error('the storm resize needs tmux; install it');

const machine = await describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'stress-signals-'));
try {
  const unguarded = await compileUnguarded((await setupNative()).folder, folder);
  const checkpoint = makeCheckpoint();
  const work = PROCESSORS.flatMap((processor) => storms.map((storm) => ({ storm, processor })));
  const done: Row[][] = [];
  const worker = async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      done.push(await oneStorm(next.storm, next.processor, checkpoint, unguarded));
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const order = (row: Row) => storms.findIndex(({ name }) => name === row.storm);
  publish(done.flat().sort((a, b) => order(a) - order(b) || a.processor.localeCompare(b.processor)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function oneStorm(
  storm: Storm,
  processor: (typeof PROCESSORS)[number],
  checkpoint: string,
  binding: string,
): Promise<Row[]> {
  const common = { storm, env: processor.env, checkpoint, folder };
  const names = { storm: storm.name, processor: processor.name };
  const rows: Row[] = [];
  for (const mode of MODES) {
    rows.push({ ...names, mode: mode.name, ...(await siege({ ...common, mode, seconds: seconds / MODES.length })) });
    console.log(summaryLine(rows[rows.length - 1]));
  }
  const control = MODES.filter(({ name }) => name === 'op by op');
  for (const mode of control) {
    const most = Math.min(seconds, CONTROL_SECONDS);
    const outcome = await siege({ ...common, mode, seconds: most, binding, untilAbort: true });
    rows.push({ ...names, mode: UNGUARDED, ...outcome });
  }
  return rows;
}

/** A model for the commands that need one. */
function makeCheckpoint(): string {
  const path = join(folder, 'model.safetensors');
  const args = ['train', ...MODEL, '--backend', 'tensorflow', '--steps', '20', '--quiet', '--checkpoint', path];
  execFileSync(process.execPath, fromSources(args), { stdio: 'inherit' });
  return path;
}

function publish(rows: Row[]): void {
  const groups = new Map<string, Row[]>();
  const of = (row: Row) => (row.mode === UNGUARDED ? [row.storm, row.processor, row.mode] : [row.storm, row.processor]);
  for (const row of rows) groups.set(of(row).join(), [...(groups.get(of(row).join()) ?? []), row]);
  const sums = stormTable([...groups.values()].map((group) => (group.length > 1 ? sumOf(group) : group[0])));
  console.log(`\n${textTable(sums)}`);
  const guarded = rows.filter(({ mode }) => mode !== UNGUARDED);
  for (const failure of guarded.flatMap(({ failures }) => failures)) console.log(`unexpected: ${failure}`);
  const aborts = guarded.reduce((sum, row) => sum + row.aborts.length, 0);
  console.log(`${aborts} aborts in ${(guarded.reduce((sum, row) => sum + row.seconds, 0) / 60).toFixed(0)} minutes`);
  if (guarded.some((row) => row.aborts.length + row.failures.length > 0)) process.exitCode = 1;
  if (values.results !== undefined) writeResults(values.results, rows, sums);
}

function writeResults(results: string, rows: readonly Row[], sums: ReturnType<typeof stormTable>): void {
  const date = new Date().toISOString();
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'signals.json'), `${JSON.stringify({ date, machine, seconds, rows }, null, 2)}\n`);
  const about = [
    ...storms.map(({ name, describe }) => `- \`${name}\`: ${describe}`),
    '',
    'Steps are of training, characters of `sample` and `eval`. Handled is what a handler saw: signals that wait while',
    'TensorFlow computes arrive as one. -: the count was lost with the process that aborted.',
  ];
  const small = `<sub>${date.slice(0, 10)}; ${machineLine(machine)}; ${jobs} storms at a time.</sub>`;
  const tables = [markdownTable(sums), markdownTable({ ...stormTable(rows), title: 'Mode by mode' })];
  writeFileSync(join(results, 'signals.md'), `${[about.join('\n'), ...tables, small].join('\n\n')}\n`);
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${flag} must be a number above 0, but got '${text}'`);
}
