import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child } from '../../src/bench/child.js';
import { charactersPerStep, median, spread, type Spread } from '../../src/bench/statistics.js';
import { builtInCorpus } from '../../src/corpus/corpus.js';
import { buildProgram } from '../build-program.js';
import { barChart } from '../charts.js';
import { ours } from '../contestants/our-contestants.js';
import type { SuiteReport } from '../report.js';
import { startChild } from '../start.js';
import { digits, grouped, percent, type Table } from '../table.js';
import { shareLibrary } from '../share-library.js';
import type { SuiteContext } from './context.js';

const MIB = 2 ** 20;
const SIZE = { batchSize: 32, hiddenSize: 100, seqLength: 25, learningRate: 0.05 };

/** Enough steps for every stream to read ahead from the file several times: 0.5 MiB each, 25 characters a step. */
const FULL = { largeMiB: 1024, trainedMiB: 256, rounds: 9, steps: 7000, starts: 5 };
const QUICK = { largeMiB: 32, trainedMiB: 32, rounds: 3, steps: 300, starts: 1 };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Loaded before the program: at its end, prints how long it ran and its largest resident memory in kilobytes. */
const LAST_WORDS = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.log(performance.now() / 1000, process.resourceUsage().maxRSS))",
)}`;

/** How the built program began to train: a whole process that trained on one window. */
interface Start {
  readonly name: string;
  readonly textMiB: number;
  /** What the program said of its cache. */
  readonly cache: string;
  /** From its start to its end. */
  readonly seconds: Spread;
  /** Largest resident memory, in bytes. */
  readonly peak: Spread;
}

/** Large texts: seconds for the first step, peak memory, and training from a file against training from memory. */
export async function corpusSuite(context: SuiteContext): Promise<SuiteReport> {
  const settings = context.quick ? QUICK : FULL;
  const starts = measureStarts(settings, context);
  const speeds = await measureSpeeds(settings, context);
  const [small, first, again] = starts;
  return {
    findings: { settings, size: SIZE, starts, speeds },
    tables: [startTable(starts, small), speedTable(speeds)],
    notes: [
      `Beyond a text of 1 MiB, ${settings.largeMiB} MiB cost ${digits(first.seconds.median - small.seconds.median)} s the first ` +
        `time and ${(again.seconds.median - small.seconds.median).toFixed(2)} s when the cache has them, and ` +
        `${digits((first.peak.median - small.peak.median) / MIB)} MiB of memory.`,
    ],
    chart: () =>
      barChart({
        title: 'Seconds to train on the first window',
        unit: 'the whole process of the built program; seconds',
        groups: [
          { label: '', rows: starts.map(({ name, seconds }) => ({ name, value: seconds.median, highlight: true })) },
        ],
      }),
  };
}

function measureStarts({ largeMiB, starts }: typeof FULL, context: SuiteContext): Start[] {
  buildProgram();
  const [small, large] = [textOf(1, context), textOf(largeMiB, context)];
  const cacheFolder = join(context.folder, 'cache');
  const found = new Map<string, { textMiB: number; cache: string; seconds: number[]; peaks: number[] }>();
  const start = (name: string, text: string, textMiB: number) => {
    context.report(`corpus: ${name}`);
    const { seconds, peak, cache } = trainOneStep(text, cacheFolder);
    const entry = found.get(name) ?? { textMiB, cache, seconds: [], peaks: [] };
    entry.seconds.push(seconds);
    entry.peaks.push(peak);
    found.set(name, entry);
  };
  for (let round = 0; round < starts; round++) {
    shareLibrary(cacheFolder);
    start('1 MiB, in memory', small, 1);
    start(`${largeMiB} MiB, the first time`, large, largeMiB);
    start(`${largeMiB} MiB, from the cache`, large, largeMiB);
    rmSync(cacheFolder, { recursive: true });
  }
  rmSync(large);
  return Array.from(found, ([name, { textMiB, cache, seconds, peaks }]) => ({
    name,
    textMiB,
    cache,
    seconds: spread(seconds),
    peak: spread(peaks),
  }));
}

/** Runs `train` for one step as users do: seconds that the process took, its peak memory in bytes, its use of the cache. */
function trainOneStep(text: string, cacheFolder: string): { seconds: number; peak: number; cache: string } {
  const { batchSize, hiddenSize, seqLength, learningRate } = SIZE;
  const options = { batchSize, hiddenSize, seqLength, learningRate, steps: 1, sampleEvery: 0 };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const args = ['--import', LAST_WORDS, join(ROOT, 'dist/cli/main.js'), 'train', text, ...flags];
  const env = { ...process.env, MIN_CHAR_RNN_CACHE: cacheFolder };
  const lines = execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trim().split('\n');
  const [seconds, kilobytes] = (lines.at(-1) ?? '').split(' ').map(Number);
  const cache = /^encoded text: .*, (used again|kept)/m.exec(lines.join('\n'))?.[1] ?? 'none';
  return { seconds, peak: kilobytes * 1024, cache };
}

/** Characters a second of rounds in turn, and the part of memory's speed that the file keeps, round by round. */
interface Speeds {
  readonly memory: readonly number[];
  readonly file: readonly number[];
  readonly kept: Spread;
  /** Over all rounds together. */
  readonly keptInAll: number;
}

async function measureSpeeds({ trainedMiB, rounds, steps }: typeof FULL, context: SuiteContext): Promise<Speeds> {
  const text = textOf(trainedMiB, context);
  const [memory, file] = [await startTrainer(text, trainedMiB * MIB), await startTrainer(text, 0)];
  const seconds = { memory: [] as number[], file: [] as number[] };
  try {
    for (const child of [memory, file]) await child.run(Math.ceil(steps / 10));
    for (let round = 0; round < rounds; round++) {
      context.report(`corpus: training, round ${round + 1} of ${rounds}`);
      // Whoever goes first changes from round to round.
      const order = round % 2 === 0 ? (['memory', 'file'] as const) : (['file', 'memory'] as const);
      for (const who of order) seconds[who].push((await { memory, file }[who].run(steps)).seconds);
    }
  } finally {
    await Promise.all([memory.stop(), file.stop()]);
    rmSync(text);
  }
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const rate = (value: number) => (steps * charactersPerStep(SIZE)) / value;
  return {
    memory: seconds.memory.map(rate),
    file: seconds.file.map(rate),
    kept: spread(seconds.memory.map((value, i) => value / seconds.file[i])),
    keptInAll: sum(seconds.memory) / sum(seconds.file),
  };
}

async function startTrainer(corpus: string, memoryLimit: number): Promise<Child> {
  const child = startChild(ours(['--backend', 'auto', '--memory-limit', String(memoryLimit)]), { ...SIZE, corpus });
  await child.ready();
  return child;
}

/** A text of whole MiB: the built-in one over and over. */
function textOf(mebibytes: number, { folder }: SuiteContext): string {
  const path = join(folder, `${mebibytes}-mib.txt`);
  const piece = readFileSync(builtInCorpus());
  const file = openSync(path, 'w');
  try {
    for (let left = mebibytes * MIB; left > 0; left -= piece.length)
      writeSync(file, piece, 0, Math.min(left, piece.length));
  } finally {
    closeSync(file);
  }
  return path;
}

function startTable(starts: readonly Start[], small: Start): Table {
  return {
    title: 'The built program: a whole process that trains on one window',
    head: ['', 's', 'min..max s', 'peak memory, MiB', 'above 1 MiB'],
    rows: starts.map(({ name, seconds, peak }) => [
      name,
      digits(seconds.median),
      `${digits(seconds.min)}..${digits(seconds.max)}`,
      digits(peak.median / MIB),
      ((peak.median - small.peak.median) / MIB).toFixed(1),
    ]),
  };
}

function speedTable({ memory, file, kept, keptInAll }: Speeds): Table {
  const row = (name: string, rates: readonly number[]) => {
    const { min, max } = spread(rates);
    return [name, grouped(median(rates)), `${grouped(min)}..${grouped(max)}`];
  };
  return {
    title: `Training at B=${SIZE.batchSize} H=${SIZE.hiddenSize} T=${SIZE.seqLength}`,
    head: ['', 'chars/s', 'min..max', 'of memory, round by round', 'in all'],
    rows: [
      [...row('from memory', memory), '', ''],
      [...row('from a file', file), percent(kept.median), percent(keptInAll)],
    ],
  };
}
