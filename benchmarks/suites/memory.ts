import { lineChart } from '../charts.js';
import type { Child, Launch } from '../../src/bench/child.js';
import { wholeTrainer } from '../contestants/our-contestants.js';
import type { SuiteReport } from '../report.js';
import { grouped, percent, type Table, type TableRow } from '../table.js';
import { namedOrAbsent, withChild } from '../start.js';
import type { SuiteContext } from './context.js';
import { flatness, type MemoryPoint } from './flatness.js';
import { DEFAULTS } from '../../src/options/train-options.js';

/** Steps between two looks; fewer in a run too short for ten of them. */
const EVERY = 1000;
/** The trainer is looked at after a sample. */
const STRETCH = DEFAULTS.sampleEvery;
/** Op by op a step takes ten times as long. */
const OP_BY_OP_PART = 0.1;
/** TensorFlow's and V8's pools fill up until here, at most half of the run. */
const WARM_UP_STEPS = 10_000;
const MIB = 2 ** 20;
/** The default settings. */
const SIZE = { batchSize: 1, hiddenSize: 100, seqLength: 25, learningRate: 0.1 };

type Run = { readonly name: string } & ({ readonly points: readonly MemoryPoint[] } | { readonly absent: string });

/** Tensors and resident memory of the whole trainer over many steps at the default settings: both must stay flat. */
export async function memorySuite(context: SuiteContext): Promise<SuiteReport> {
  const { steps } = context;
  const opByOpSteps = Math.ceil(steps * OP_BY_OP_PART);
  const runs = [
    await watch('TensorFlow, traced', wholeTrainer(), steps, context),
    await watch('wasm', wholeTrainer('--backend', 'wasm'), steps, context),
    await watch('TensorFlow, op by op', wholeTrainer('--compile', 'false'), opByOpSteps, context),
  ];
  const series = runs.flatMap((run) => ('absent' in run ? [] : [{ name: run.name, points: resident(run.points) }]));
  return {
    findings: { warmUpSteps: WARM_UP_STEPS, runs: runs.map(withFlatness) },
    tables: [memoryTable(runs)],
    notes: [],
    chart: () =>
      lineChart({
        title: 'Resident memory over training steps',
        subtitle: 'The default settings with reports and samples: B=1 H=100 T=25',
        xTitle: 'training steps',
        yTitle: 'resident memory, MiB',
        series,
      }),
  };
}

function watch(name: string, launch: Launch, steps: number, { corpus, report }: SuiteContext): Promise<Run> {
  const look = (child: Child) => lookEvery(child, steps, (step) => report(`memory, ${name}: step ${grouped(step)}`));
  return namedOrAbsent(name, async () => ({
    points: await withChild(launch, { ...SIZE, corpus: corpus.path }, look),
  }));
}

async function lookEvery(child: Child, steps: number, report: (step: number) => void): Promise<MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  const every = Math.max(1, Math.floor(Math.min(EVERY, steps / 10) / STRETCH)) * STRETCH;
  for (let step = every; step < steps + every; step += every) {
    await child.run(every / STRETCH);
    const { tensors, resident } = await child.ask('memory');
    points.push({ step, tensors: Number(tensors), resident: Number(resident) });
    if (points.length % 10 === 0) report(step);
  }
  return points;
}

function withFlatness(run: Run): object {
  return 'absent' in run ? run : { ...run, ...flatness(run.points, WARM_UP_STEPS) };
}

function resident(points: readonly MemoryPoint[]) {
  return points.map((point) => ({ x: point.step, y: point.resident / MIB }));
}

function memoryTable(runs: readonly Run[]): Table {
  return {
    title: 'Memory over training steps at the default settings, reports and samples included',
    head: [
      '',
      'steps',
      'tensors after warm-up..last',
      'resident after warm-up..last',
      'largest deviation from the first of them',
    ],
    rows: runs.map(rowOf),
  };
}

function rowOf(run: Run): TableRow {
  if ('absent' in run) return run;
  const { first, last, tensorDeviation, residentDeviation, residentPart } = flatness(run.points, WARM_UP_STEPS);
  return [
    run.name,
    grouped(last.step),
    `${first.tensors}..${last.tensors}`,
    `${mib(first.resident)}..${mib(last.resident)} MiB`,
    `${tensorDeviation} tensors, ${mib(residentDeviation)} MiB, ${percent(residentPart)} from step ${grouped(first.step)} on`,
  ];
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
