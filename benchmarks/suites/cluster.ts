import { messageOf } from '../../src/errors.js';
import { barChart, type BarChart } from '../charts.js';
import { type Contestant, type Problem, runContest } from '../contest.js';
import { OUR_NAME, ours, tracedLaunch } from '../contestants/our-contestants.js';
import { describeLine, type Line, type LinkedWorker } from '../links/line.js';
import { directWorker, namespaceWorker, relayedWorker } from '../links/linked-workers.js';
import { measuredRow, rate, type RatedProblem, speedBars } from '../rating.js';
import type { SuiteReport } from '../report.js';
import { withChild } from '../start.js';
import { digits, grouped, type Table, type TableRow } from '../table.js';
import {
  costOf,
  type MeasuredSteps,
  PAYS,
  scaled,
  type StepCost,
  stepMs,
  streamsThatPay,
  type WindowOf,
} from './cluster-cost.js';
import type { SuiteContext } from './context.js';

/** The last is the goal's. */
const SIZES: readonly Problem[] = [
  { batchSize: 32, hiddenSize: 256, seqLength: 64, learningRate: 0.02 },
  { batchSize: 64, hiddenSize: 512, seqLength: 64, learningRate: 0.02 },
];
const QUICK_SIZES: readonly Problem[] = [{ batchSize: 16, hiddenSize: 128, seqLength: 25, learningRate: 0.02 }];

const SLOW: Line = { delayMs: 1, bitsPerSecond: 1e9 };

const ONE = 'one process, 1 thread';
const REFERENCE = 'one process, 2 threads';
const NAMES = {
  direct: nameOf('no line'),
  netem: nameOf(`netem ${describeLine(SLOW)}`),
  relay: nameOf(`relay ${describeLine(SLOW)}`),
};

/** Lines and machines of the table of what pays. */
const LINES: readonly Line[] = [{ delayMs: 0.1, bitsPerSecond: 1e10 }, SLOW, { delayMs: 3, bitsPerSecond: 3e8 }];
const THREADS = [2, 8, 32];
const MACHINES = [2, 4, 8];
const MOST_STREAMS = 2 ** 14;

/** Where machines pay: streams from which on, for each of `MACHINES`. */
interface PayingRow {
  readonly line: Line;
  readonly threads: number;
  readonly streams: readonly (number | undefined)[];
}

/** What was measured at one size, with what follows for its cost. */
interface Found extends RatedProblem {
  /** Bytes a step. */
  readonly traffic?: { readonly sent: number; readonly received: number };
  readonly cost?: StepCost;
  /** ms a step over the slow line, as the costs say. */
  readonly predicted?: number;
}

/** Two machines of one thread each beside one of two, over lines of their own, and a model of what more would give. */
export async function clusterSuite(context: SuiteContext): Promise<SuiteReport> {
  const workers: LinkedWorker[] = [];
  try {
    const contestants = await enterAll(workers);
    const problems = context.quick ? QUICK_SIZES : SIZES;
    const { timing, corpus, report } = context;
    const options = { ...timing, report, contestants, problems, corpus: corpus.path };
    const rated = (await runContest(options)).map((result) => rate(result, REFERENCE, corpus.vocabularySize));
    const found: Found[] = [];
    for (const one of rated) found.push({ ...one, ...(await costsOf(one, contestants, context)) });
    return reportOf(found, corpus.vocabularySize);
  } finally {
    workers.forEach((worker) => worker.close());
  }
}

async function enterAll(workers: LinkedWorker[]): Promise<Contestant[]> {
  const oneDnn = { TF_NUM_INTRAOP_THREADS: '1', TF_ENABLE_ONEDNN_OPTS: '1' };
  const threads = (count: number) => [tracedLaunch({ ...oneDnn, TF_NUM_INTEROP_THREADS: String(count) }, count)];
  const withWorker = async (name: string, start: () => Promise<LinkedWorker>): Promise<Contestant> => {
    try {
      const worker = await start();
      workers.push(worker);
      return { name, launches: [ours(['--workers', worker.address, '--threads', '1'])] };
    } catch (error) {
      return { name, absent: messageOf(error) };
    }
  };
  return [
    { name: ONE, launches: threads(1) },
    { name: REFERENCE, launches: threads(2) },
    await withWorker(NAMES.direct, directWorker),
    await withWorker(NAMES.netem, () => namespaceWorker(SLOW)),
    await withWorker(NAMES.relay, () => relayedWorker(SLOW)),
  ];
}

function nameOf(line: string): string {
  return `two of 1 thread: ${line}`;
}

/** Bytes of a step, the costs that the rows show, and what these say of the slow line. */
async function costsOf(
  rated: RatedProblem,
  contestants: readonly Contestant[],
  context: SuiteContext,
): Promise<Pick<Found, 'traffic' | 'cost' | 'predicted'>> {
  const [oneThread, twoThreads, twoProcesses] = [ONE, REFERENCE, NAMES.direct].map(
    (name) => measuredRow(rated, name)?.msPerStep.median,
  );
  const direct = contestants.find(({ name }) => name === NAMES.direct);
  if (oneThread === undefined || twoThreads === undefined || twoProcesses === undefined) return {};
  if (!direct || 'absent' in direct) return {};
  const cost = costOf({ oneThread, twoThreads, twoProcesses } satisfies MeasuredSteps);
  const size = windowOf(rated, context.corpus.vocabularySize);
  const traffic = await measureTraffic(direct, rated.problem, context);
  return { traffic, cost, predicted: stepMs(cost, size, { machines: 2, threads: 1, line: SLOW }) };
}

const windowOf = ({ problem }: RatedProblem, vocabularySize: number): WindowOf => ({ ...problem, vocabularySize });

/** Bytes that cross in a step, counted at the sockets of the one that trains. */
function measureTraffic(
  { launches: [launch] }: Extract<Contestant, { launches: unknown }>,
  problem: Problem,
  { corpus }: SuiteContext,
): Promise<{ sent: number; received: number }> {
  const steps = 4;
  return withChild(launch, { ...problem, corpus: corpus.path }, async (child) => {
    await child.run(steps);
    const before = await child.ask('traffic');
    await child.run(steps);
    const after = await child.ask('traffic');
    const perStep = (name: string) => Math.round((Number(after[name]) - Number(before[name])) / steps);
    return { sent: perStep('sent'), received: perStep('received') };
  });
}

function reportOf(found: readonly Found[], vocabularySize: number): SuiteReport {
  const last = found[found.length - 1];
  const pays = last.cost && payingRows(last.cost, windowOf(last, vocabularySize));
  return {
    findings: {
      reference: REFERENCE,
      slowLine: SLOW,
      problems: found,
      pays: { part: PAYS, machines: MACHINES, rows: pays },
    },
    tables: [...found.map(sizeTable), ...(pays ? [payingTable(pays, last.problem)] : [])],
    notes: found.flatMap(({ title, traffic, cost }) =>
      traffic && cost
        ? [
            `${title}: a step sends ${grouped(traffic.sent)} bytes and receives ${grouped(traffic.received)}; of one ` +
              `thread's time ${digits(cost.divided)} ms are divided and ${digits(cost.fixed)} ms are not, and handing ` +
              `numbers to another process takes ${digits(cost.handling)} ms.`,
          ]
        : [],
    ),
    chart: () => barChart(chartOf(found)),
  };
}

function payingRows(cost: StepCost, measured: WindowOf): PayingRow[] {
  const costAt = (size: WindowOf) => scaled(cost, measured, size);
  return LINES.flatMap((line) =>
    THREADS.map((threads) => ({
      line,
      threads,
      streams: MACHINES.map((machines) => streamsThatPay(costAt, measured, { machines, threads, line }, MOST_STREAMS)),
    })),
  );
}

function sizeTable({ title, rows, predicted }: Found): Table {
  return {
    title,
    head: ['', 'ms/step', 'min..max ms', 'by the model, ms', `vs ${REFERENCE}`],
    rows: rows.map((row): TableRow => {
      if ('absent' in row) return { name: row.contestant, absent: row.absent };
      const { contestant, msPerStep, ratio } = row;
      const isSlow = contestant === NAMES.netem || contestant === NAMES.relay;
      return [
        contestant,
        digits(msPerStep.median),
        `${digits(msPerStep.min)}..${digits(msPerStep.max)}`,
        isSlow && predicted !== undefined ? digits(predicted) : '',
        ratio === undefined ? '-' : `${ratio.toFixed(2)}x`,
      ];
    }),
  };
}

function payingTable(rows: readonly PayingRow[], { hiddenSize, seqLength }: Problem): Table {
  const least = 100 * (1 - PAYS);
  return {
    title: `Streams (batch size) from which on more machines make a step at least ${least.toFixed(0)} % shorter than half as many, by the model, at H=${hiddenSize} T=${seqLength}`,
    head: ['', 'the second', 'the fourth', 'the eighth'],
    rows: rows.map(({ line, threads, streams }) => [
      `${describeLine(line)}, ${threads} threads each`,
      ...streams.map((count) => (count === undefined ? `> ${grouped(MOST_STREAMS)}` : grouped(count))),
    ]),
  };
}

function chartOf(found: readonly Found[]): BarChart {
  const isCluster = (name: string) => Object.values(NAMES).includes(name);
  return {
    title: `${OUR_NAME}: two machines of one thread beside one of two`,
    unit: 'characters a second',
    groups: found.map(({ title: label, rows }) => ({ label, rows: speedBars(rows, isCluster) })),
  };
}
