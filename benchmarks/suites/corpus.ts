import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_CORPUS } from '../../src/corpus/corpus.js';
import { barChart } from '../charts.js';
import { Child } from '../child.js';
import { nodeProgram } from '../contestants/node-program.js';
import type { SuiteReport } from '../report.js';
import { charactersPerStep, median, spread, type Spread } from '../statistics.js';
import { digits, grouped, percent, type Table } from '../table.js';
import type { SuiteContext } from './context.js';

const MIB = 2 ** 20;
const SIZE = { batchSize: 32, hiddenSize: 100, seqLength: 25, learningRate: 0.05 };

/** Enough steps for every stream to read ahead from the file several times: 0.5 MiB each, 25 characters a step. */
const FULL = { largeMiB: 1024, trainedMiB: 256, rounds: 9, steps: 7000, starts: 3 };
const QUICK = { largeMiB: 32, trainedMiB: 32, rounds: 3, steps: 300, starts: 1 };

/** How a process began to train. */
interface Start {
  readonly name: string;
  readonly textMiB: number;
  readonly storage: string;
  /** From the start of the process to the end of its first step. */
  readonly seconds: Spread;
  /** Largest resident memory until then, in bytes. */
  readonly peak: Spread;
}

/** Large texts: seconds to the first step, peak memory, and training from a file against training from memory. */
export async function corpusSuite(context: SuiteContext): Promise<SuiteReport> {
  const settings = context.quick ? QUICK : FULL;
  const starts = await measureStarts(settings, context);
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
        title: 'Seconds to the first training step',
        unit: 'from the start of the process; seconds',
        groups: [
          { label: '', rows: starts.map(({ name, seconds }) => ({ name, value: seconds.median, highlight: true })) },
        ],
      }),
  };
}

async function measureStarts({ largeMiB, starts }: typeof FULL, context: SuiteContext): Promise<Start[]> {
  const [small, large] = [textOf(1, context), textOf(largeMiB, context)];
  const cache = join(context.folder, 'cache');
  const found = new Map<string, { textMiB: number; storage: string; seconds: number[]; peaks: number[] }>();
  const start = async (name: string, text: string, textMiB: number) => {
    context.report(`corpus: ${name}`);
    const child = await startChild(text, { cache });
    const { seconds, peak, storage } = await child.ask('start').finally(() => child.stop());
    const entry = found.get(name) ?? { textMiB, storage: String(storage), seconds: [], peaks: [] };
    entry.seconds.push(Number(seconds));
    entry.peaks.push(Number(peak));
    found.set(name, entry);
  };
  for (let round = 0; round < starts; round++) {
    await start('1 MiB, in memory', small, 1);
    await start(`${largeMiB} MiB, the first time`, large, largeMiB);
    await start(`${largeMiB} MiB, from the cache`, large, largeMiB);
    rmSync(cache, { recursive: true });
  }
  rmSync(large);
  return Array.from(found, ([name, { textMiB, storage, seconds, peaks }]) => ({
    name,
    textMiB,
    storage,
    seconds: spread(seconds),
    peak: spread(peaks),
  }));
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
  const [memory, file] = [
    await startChild(text, { memoryLimit: trainedMiB * MIB }),
    await startChild(text, { memoryLimit: 0 }),
  ];
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

async function startChild(corpus: string, own: { cache?: string; memoryLimit?: number }): Promise<Child> {
  const flags = own.cache === undefined ? ['--memory-limit', String(own.memoryLimit)] : ['--cache', own.cache];
  const launch = nodeProgram('../contestants/corpus-trainer.ts', import.meta.url, flags);
  return (await Child.start(launch, { ...SIZE, corpus })).child;
}

/** A text of whole MiB: the built-in one over and over. */
function textOf(mebibytes: number, { folder }: SuiteContext): string {
  const path = join(folder, `${mebibytes}-mib.txt`);
  const piece = readFileSync(BUILT_IN_CORPUS);
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
    title: 'From the start of the process to the end of its first step',
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
