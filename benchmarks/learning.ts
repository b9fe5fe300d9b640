// How well settings learn, seed by seed: `npx tsx benchmarks/learning.ts TEXT --seeds 1,2,3,4 -- TRAIN OPTIONS` trains
// with each seed, measures and adds a line to `results/learning.jsonl` for each, and writes the table of all lines,
// `results/learning.md`; without a text it only writes the table. Runs are limited by steps, not minutes, so that other
// work on the machine changes nothing.
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { BadStarts } from '../src/trainer/start.js';
import { nodeProgram } from './contestants/node-program.js';
import { learningTable, type Trial } from './learning-table.js';
import { markdownTable } from './table.js';

const RESULTS = fileURLToPath(new URL('results', import.meta.url));
const LINES = join(RESULTS, 'learning.jsonl');

/** What the table does not say by itself. */
const NOTE =
  'Validation on the last tenth of the text, training smoothed; from, to: over seeds. Where in an epoch a run ends makes a ' +
  'difference of a hundredth or two (43,000, 196,000 and 290,000 steps of 8 times 32 characters end epochs). The prototype is a program in C++ of ' +
  'the same algorithm, in part with products of bfloat16 numbers, that served to try settings; it is not part of this ' +
  'project, and its rows say what looked worth a try, not what this program reaches.';

/** The part of the text, at its end, that is not trained on. */
const PART = '0.1';

const words = process.argv.slice(2);
const end = words.includes('--') ? words.indexOf('--') : words.length;
const { values, positionals } = parseArgs({
  args: words.slice(0, end),
  options: { seeds: { type: 'string', default: '1,2,3,4' } },
  allowPositionals: true,
});
const settings = words.slice(end + 1);
for (const text of positionals) {
  for (const seed of values.seeds.split(',')) {
    const trial = await runTrial(text, seed, settings);
    await appendFile(LINES, `${JSON.stringify(trial)}\n`);
    console.log(JSON.stringify(trial));
  }
}
const trials = (await readFile(LINES, 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Trial);
await writeFile(join(RESULTS, 'learning.md'), `${markdownTable(learningTable(trials))}\n\n${NOTE}\n`);

/** Trains with one seed and measures what came of it. */
async function runTrial(text: string, seed: string, settings: readonly string[]): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'min-char-rnn-learning-'));
  try {
    const path = join(folder, 'run.safetensors');
    const quiet = ['--quiet', '--sample-every', '0', '--checkpoint', path];
    await program('train', text, '--validation-fraction', PART, '--seed', seed, ...quiet, ...settings);
    const info = JSON.parse(await program('info', path, text, '--json')) as Info;
    const { natsPerChar } = JSON.parse(await program('eval', path, text, '--validation-fraction', PART, '--json')) as {
      natsPerChar: number;
    };
    return {
      program: 'min-char-rnn',
      // Threads change the speed alone, and steps stand in a column of their own.
      settings: settings.join(' ').replaceAll(/ --(steps|threads) \S+/g, ''),
      seed: Number(seed),
      steps: info.step,
      validation: natsPerChar,
      training: info.natsPerChar,
      badStarts: info.badStarts.fromZeros,
      places: info.badStarts.places,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `info --json` says, as far as it is read here. */
interface Info {
  step: number;
  /** Of training, smoothed. */
  natsPerChar: number;
  badStarts: BadStarts;
}

/** Runs the program. @returns what it printed. */
async function program(...args: string[]): Promise<string> {
  const { command, args: before } = nodeProgram('../src/cli/main.ts', import.meta.url);
  const { stdout } = await promisify(execFile)(command, [...before, ...args], { maxBuffer: 2 ** 26 });
  return stdout;
}
