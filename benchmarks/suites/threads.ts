import { availableParallelism } from 'node:os';
import { chooseSettings } from '../../src/backends/tensorflow/threads.js';
import { tracedLaunch } from '../contestants/our-contestants.js';
import type { SuiteReport } from '../report.js';
import type { SuiteContext } from './context.js';
import { gridSuite, sizesOf } from './grid.js';
import type { Cell } from './thread-rules.js';

const CORES = availableParallelism();

interface Setting {
  readonly name: string;
  /** Threads inside an op. */
  readonly threads: number;
  /** Parts that the streams are cut into, a thread each. */
  readonly shards: number;
  readonly oneDnn: boolean;
}

/** What is compared, by name; on a machine of one core the last two are the second. */
const SETTINGS: readonly Setting[] = [
  { name: '1 thread, oneDNN off', threads: 1, shards: 1, oneDnn: false },
  { name: '1 thread, oneDNN on', threads: 1, shards: 1, oneDnn: true },
  { name: `${CORES} threads in an op, oneDNN on`, threads: CORES, shards: 1, oneDnn: true },
  { name: `${CORES} shards, oneDNN on`, threads: 1, shards: CORES, oneDnn: true },
];

const SIZES = sizesOf([1, 4, 8, 16, 64], [100, 256, 512]);
const QUICK_SIZES = SIZES.filter(({ batchSize }) => batchSize === 1 || batchSize === 64);

/** The grid of threads and kernels behind `SMALLEST_SHARD`, and the rule that picks best among them. */
export function threadsSuite(context: SuiteContext): Promise<SuiteReport> {
  return gridSuite(context, {
    titles: { chart: 'Threads and kernels, traced step, T = 25', table: 'ms/step, traced, T = 25' },
    contestants: SETTINGS.map((setting) => ({
      name: setting.name,
      launches: [tracedLaunch(environment(setting), setting.shards)],
    })),
    problems: context.quick ? QUICK_SIZES : SIZES,
    current: { name: 'as it is (threads.ts)', pick: currentPick },
  });
}

function environment({ threads, shards, oneDnn }: Setting): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(shards),
    TF_ENABLE_ONEDNN_OPTS: oneDnn ? '1' : '0',
  };
}

/** What `chooseSettings` picks now. */
function currentPick(problem: Cell['problem']): number {
  const { intraOpThreads: threads, interOpThreads: shards, oneDnn } = chooseSettings(problem);
  return SETTINGS.findIndex(
    (setting) => setting.threads === threads && setting.shards === shards && setting.oneDnn === oneDnn,
  );
}
