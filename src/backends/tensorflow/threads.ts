import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { StepSize } from '../../model/parameters.js';
import { provideVariables } from './variables.js';

/** How TensorFlow is to run: it reads these from the environment once, while it loads. */
export interface ExecutionSettings {
  /** Threads inside an op. */
  intraOpThreads: number;
  /** Threads that run ops side by side. */
  interOpThreads: number;
  /** oneDNN's kernels: faster for large matrices, slower to call for small ones. */
  oneDnn: boolean;
  /** Why, in a few words. */
  reason: string;
}

/**
 * Streams and B · H that a shard must have, so that running shards side by side gains more than handing ops to threads
 * costs. Found by the grid of `npm run bench -- threads`.
 */
export const SMALLEST_SHARD = { streams: 2, product: 512 };

/**
 * Parts that the streams of a traced training step are cut into, one for each thread at most. Threads inside an op gain
 * little at the sizes of a recurrence, whose products follow one another; streams are independent all through a window.
 */
export function shardCount({ batchSize, hiddenSize }: StepSize, threads: number): number {
  const { streams, product } = SMALLEST_SHARD;
  const most = Math.min(threads, Math.floor(batchSize / streams), Math.floor((batchSize * hiddenSize) / product));
  return Math.max(1, most);
}

/** B · H from which a step run op by op is worth all threads inside an op. */
export const LARGE_STEP = 32_768;

/**
 * The settings for a model's size; `threads` (--threads) is the number of shards that may be cut, or where a step is
 * too small for any, of threads inside an op. oneDNN's matrix products are up
 * to four times as fast from two streams on (the same grid); for one stream, where products are of a matrix and a
 * vector, calling them costs more than it gains.
 */
export function chooseSettings(size: StepSize, threads?: number, compile = true): ExecutionSettings {
  const available = threads ?? availableParallelism();
  const shards = compile ? shardCount(size, available) : 1;
  const oneDnn = size.batchSize > 1;
  const large = !compile && size.batchSize * size.hiddenSize >= LARGE_STEP;
  const cut = shards > 1 ? `${size.batchSize} streams in ${shards} shards` : 'too small to be cut into shards';
  const streams = oneDnn ? 'products large enough for oneDNN' : "one stream's products too small for oneDNN";
  return {
    intraOpThreads: shards > 1 ? 1 : (threads ?? (large ? available : 1)),
    interOpThreads: shards,
    oneDnn,
    reason: `${compile ? cut : 'op by op'}, ${streams}`,
  };
}

/** The shards for a model of this size, with the threads that TensorFlow was loaded with. */
export function shardsInUse(size: StepSize, environment: NodeJS.ProcessEnv = process.env): number {
  return shardCount(size, Number(environment.TF_NUM_INTEROP_THREADS) || availableParallelism());
}

/** Whether threads are what the settings say, or the user's own in the main thread; a worker thread can set none. */
export function areApplied({ intraOpThreads, interOpThreads }: ExecutionSettings): boolean {
  const { TF_NUM_INTRAOP_THREADS: intra, TF_NUM_INTEROP_THREADS: inter } = process.env;
  return isMainThread || (intra === String(intraOpThreads) && inter === String(interOpThreads));
}

/** Puts the settings into the environment of this process; what the user has set there stays. */
export function applySettings(settings: ExecutionSettings, environment: NodeJS.ProcessEnv = process.env): void {
  const wanted = {
    TF_NUM_INTRAOP_THREADS: String(settings.intraOpThreads),
    TF_NUM_INTEROP_THREADS: String(settings.interOpThreads),
    TF_ENABLE_ONEDNN_OPTS: settings.oneDnn ? '1' : '0',
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
  provideVariables(wanted, environment);
}
