import { availableParallelism } from 'node:os';
import type { EngineConfig } from '../../engine.js';

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
 * B · H from which a step is worth all threads. Below, waking them costs more than the work that they share. Found by
 * the grid of `npm run bench -- threads`.
 */
export const LARGE_STEP = 32_768;

/**
 * The settings for a model's size; `threads` (--threads) decides the number in any case. oneDNN's matrix products are up
 * to four times as fast from two streams on (the same grid); for one stream, where products are of a matrix and a
 * vector, calling them costs more than it gains.
 */
export function chooseSettings(
  size: Pick<EngineConfig, 'batchSize' | 'hiddenSize'>,
  threads?: number,
): ExecutionSettings {
  const product = size.batchSize * size.hiddenSize;
  const large = product >= LARGE_STEP;
  const oneDnn = size.batchSize > 1;
  const compared = `batch size x hidden size = ${product} ${large ? '>=' : '<'} ${LARGE_STEP}`;
  const streams = oneDnn ? 'several streams: oneDNN' : 'one stream: no oneDNN';
  return {
    intraOpThreads: threads ?? (large ? availableParallelism() : 1),
    interOpThreads: 1,
    oneDnn,
    reason: `${compared}, ${streams}`,
  };
}

/** Puts the settings into the environment of this process; what the user has set there stays. */
export function applySettings(settings: ExecutionSettings, environment: NodeJS.ProcessEnv = process.env): void {
  const wanted = {
    TF_NUM_INTRAOP_THREADS: String(settings.intraOpThreads),
    TF_NUM_INTEROP_THREADS: String(settings.interOpThreads),
    TF_ENABLE_ONEDNN_OPTS: settings.oneDnn ? '1' : '0',
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
  for (const [name, value] of Object.entries(wanted)) environment[name] ??= value;
}
