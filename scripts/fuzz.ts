/**
 * Feeds hostile inputs to every reader of the program: `npm run fuzz -- [--cases 100000] [--seed N] [--only TARGET]`.
 * Each target runs in a process with little memory, watched for cases that hang. An input that breaks a promise is made
 * small, kept in test/fuzz/regressions/ and replayed by the tests from then on. Exit code 1 when anything was found.
 */
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deserialize, writeRegression } from '../test/fuzz/regressions.js';
import type { FuzzTarget } from '../test/fuzz/target.js';
import { TARGETS } from '../test/fuzz/targets.js';

/** What a target's process says at its end. */
export interface ChildResult {
  taken: number;
  refused: number;
  seconds: number;
  /** How far the resident memory rose above where it began, at its highest. */
  grownBytes: number;
  failure: { path: string; input: string; error: string } | null;
}

/** When a case that does not end is given up, however busy the machine; one that only takes long ends by itself. */
const HANG_SECONDS = 120;

/** The heap that a target's process may have, in MiB, and how far its whole memory may grow. */
const MEMORY = { heapMiB: 192, grownMiB: 384 };

const CHILD = fileURLToPath(new URL('fuzz-child.ts', import.meta.url));

/** Runs one target; returns whether all promises were kept. */
async function fuzz(target: FuzzTarget, cases: number, seed: number): Promise<boolean> {
  const { last, result, end } = await runChild(target.name, cases, seed);
  if (!result) {
    // Between cases the target's own generator of inputs has failed.
    if (!/^\d+$/.test(last)) throw new Error(`${target.name}, --seed ${seed}: ${end}`);
    const [input] = fc.sample(target.input, { seed, path: last, numRuns: 1 });
    return report(target.name, seed, last, input, end);
  }
  const { failure, taken, refused, seconds, grownBytes } = result;
  if (failure) return report(target.name, seed, failure.path, deserialize(failure.input), failure.error);
  const grown = grownBytes / 2 ** 20;
  const rate = Math.round(cases / seconds);
  console.log(
    `${target.name}: ${cases} cases, ${taken} taken, ${refused} refused, ${rate} cases/s, ` +
      `memory +${grown.toFixed(0)} MiB, --seed ${seed}`,
  );
  if (grown <= MEMORY.grownMiB) return true;
  console.error(`${target.name}: FAILED, memory must not grow by more than ${MEMORY.grownMiB} MiB`);
  return false;
}

function report(target: string, seed: number, path: string, input: unknown, error: string): false {
  const [found = ''] = error.split('\n');
  const file = relative(process.cwd(), writeRegression(target, { found, input }));
  console.error(`${target}: FAILED with --seed ${seed}, path ${path}, kept as ${file}\n${error}`);
  console.error(fc.stringify(input).slice(0, 2000));
  return false;
}

/** @returns the last case begun or done, what the process said at its end, and how it ended where it did not say. */
async function runChild(
  target: string,
  cases: number,
  seed: number,
): Promise<{ last: string; result: ChildResult | undefined; end: string }> {
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${MEMORY.heapMiB}`,
      '--import',
      import.meta.resolve('tsx'),
      CHILD,
      target,
      `${cases}`,
      `${seed}`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] },
  );
  let [last, hung] = ['before the first', false];
  let result: ChildResult | undefined;
  // Counted, not read from a clock: when the whole machine is suspended, the count stops too.
  let silentSeconds = 0;
  const watch = setInterval(() => {
    hung = ++silentSeconds > HANG_SECONDS;
    if (hung) child.kill('SIGKILL');
  }, 1000);
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    silentSeconds = 0;
    if (line.startsWith('{')) result = JSON.parse(line) as ChildResult;
    else last = line;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...ended) => resolve(ended));
  });
  clearInterval(watch);
  const how = hung ? `took more than ${HANG_SECONDS} s` : `ended its process (${signal ?? `exit code ${code}`})`;
  return { last, result, end: `case ${last} ${how}` };
}

function countFrom(flag: string, given: string): number {
  const count = Number(given);
  if (!/^\d+$/.test(given) || count >= 2 ** 31)
    throw new RangeError(`--${flag} must be a whole number; found: ${given}`);
  return count;
}

const { values: flags } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const cases = countFrom('cases', flags.cases);
const seed = flags.seed === undefined ? Date.now() % 2 ** 31 : countFrom('seed', flags.seed);
const chosen = TARGETS.filter(({ name }) => flags.only === undefined || name === flags.only);
if (chosen.length === 0) {
  throw new RangeError(`--only must be one of ${TARGETS.map(({ name }) => name).join(', ')}; found: ${flags.only}`);
}
for (const target of chosen) if (!(await fuzz(target, cases, seed))) process.exitCode = 1;
