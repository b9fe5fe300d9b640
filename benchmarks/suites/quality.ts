import { join } from 'node:path';
import type { Child } from '../../src/bench/child.js';
import { messageOf, UserError } from '../../src/errors.js';
import { PRESETS } from '../../src/options/presets.js';
import { lineChart } from '../charts.js';
import { nodeProgram } from '../contestants/node-program.js';
import type { SuiteReport } from '../report.js';
import { namedOrAbsent, startChild, withChild } from '../start.js';
import { grouped, type Table, type TableRow } from '../table.js';
import type { SuiteContext } from './context.js';
import { lowest, type QualityPoint, secondsToReach, validationTimes } from './curves.js';
import { timeDefaultRun } from './default-run.js';
import { type Learner, learners, NUMPY_LEARNER, VALIDATION_FRACTION } from './learners.js';

const VALIDATIONS = 20;

/** One learner's curve, or why there is none. */
type Curve = { readonly name: string } & ({ readonly points: readonly QualityPoint[] } | { readonly absent: string });

/** Validation loss against seconds of training, one learner after another; and the time of a long default run. */
export async function qualitySuite(context: SuiteContext): Promise<SuiteReport> {
  const curves: Curve[] = [];
  const judge = await startJudge(context);
  try {
    for (const learner of await learners(context)) curves.push(await learn(learner, judge, context));
  } finally {
    await judge.stop();
  }
  const run = await timeDefaultRun(context);
  const seconds = 60 * context.minutes;
  return {
    findings: {
      minutes: context.minutes,
      validationFraction: VALIDATION_FRACTION,
      preset: PRESETS.fast,
      curves,
      defaultRun: run,
    },
    tables: [qualityTable(curves, seconds)],
    notes: [
      'seconds' in run
        ? `${grouped(run.steps)} iterations of the default settings from the command line, samples included: ` +
          `${run.seconds.toFixed(1)} s from start to end.`
        : `A default run from the command line: absent: ${run.absent}.`,
    ],
    chart: () => chartOf(curves),
  };
}

async function startJudge({ corpus }: SuiteContext): Promise<Child> {
  const flags = ['--validation-fraction', String(VALIDATION_FRACTION)];
  const launch = nodeProgram('../contestants/judge.ts', import.meta.url, flags);
  const settings = { hiddenSize: 1, seqLength: 1, batchSize: 1, learningRate: 1, corpus: corpus.path };
  const judge = startChild(launch, settings);
  try {
    await judge.ready();
    return judge;
  } catch (error) {
    throw new UserError(`models must be evaluated, but that cannot be done here: ${messageOf(error)}`);
  }
}

function learn({ name, launch, settings }: Learner, judge: Child, context: SuiteContext): Promise<Curve> {
  const path = join(context.folder, 'parameters.bin');
  const points: QualityPoint[] = [];
  const follow = async (child: Child) => {
    for (const time of validationTimes(60 * context.minutes, VALIDATIONS)) {
      const { seconds, steps } = await child.ask(`until ${time} ${path}`);
      // The first step may take longer than the first times are apart: it compiles.
      if (Number(steps) === points.at(-1)?.steps) continue;
      const { natsPerChar } = await judge.ask(`evaluate ${settings.hiddenSize} ${path}`);
      points.push({ seconds: Number(seconds), steps: Number(steps), natsPerChar: Number(natsPerChar) });
      context.report(`${name}: ${Number(seconds).toFixed(1)} s, ${Number(natsPerChar).toFixed(3)} nats/char`);
    }
    return { points };
  };
  return namedOrAbsent(name, () => withChild(launch, settings, follow));
}

function qualityTable(curves: readonly Curve[], seconds: number): Table {
  const numpy = curves.find(({ name }) => name === NUMPY_LEARNER);
  const level = numpy && 'points' in numpy ? lowest(numpy.points).natsPerChar : undefined;
  const levelName = level === undefined ? '' : ` (${level.toFixed(3)})`;
  return {
    title: `Nats/char on the last ${100 * VALIDATION_FRACTION} % of the text after ${seconds.toFixed(0)} s of training`,
    head: ['', 'iterations', 'nats/char at the end', 'lowest', `s to the NumPy program's lowest${levelName}`],
    rows: curves.map((curve) => rowOf(curve, level)),
  };
}

function rowOf(curve: Curve, level: number | undefined): TableRow {
  if ('absent' in curve) return curve;
  const { name, points } = curve;
  const last = points[points.length - 1];
  const reached = level === undefined ? NaN : secondsToReach(points, level);
  return [
    name,
    grouped(last.steps),
    last.natsPerChar.toFixed(3),
    lowest(points).natsPerChar.toFixed(3),
    Number.isFinite(reached) ? reached.toFixed(1) : '-',
  ];
}

function chartOf(curves: readonly Curve[]): Promise<string> {
  const series = curves.flatMap((curve) =>
    'absent' in curve ? [] : [{ name: curve.name, points: drawn(curve.points) }],
  );
  return lineChart({
    title: 'Learning against the clock',
    subtitle: 'Loss on text that was not trained on; seconds of training, on one machine, one after another',
    xTitle: 'seconds of training',
    yTitle: 'nats a character',
    series,
    logX: true,
  });
}

function drawn(points: readonly QualityPoint[]) {
  return points.map(({ seconds, natsPerChar }) => ({ x: seconds, y: natsPerChar }));
}
