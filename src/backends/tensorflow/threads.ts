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
 * B · H from which a step is faster with all threads and oneDNN. Below, calling into more threads costs more than the
 * work that they share. Found by the grid of `npm run bench -- threads`.
 */
export const LARGE_STEP = 8192;

/** The settings for a model's size; `threads` (--threads) decides the number in either case. */
export function chooseSettings(
  size: Pick<EngineConfig, 'batchSize' | 'hiddenSize'>,
  threads?: number,
): ExecutionSettings {
  const product = size.batchSize * size.hiddenSize;
  const large = product >= LARGE_STEP;
  const intraOpThreads = threads ?? (large ? availableParallelism() : 1);
  const side = large ? 'a large step' : 'a small step';
  const compared = `batch size x hidden size = ${product} ${large ? '>=' : '<'} ${LARGE_STEP}`;
  return { intraOpThreads, interOpThreads: 1, oneDnn: large, reason: `${side}: ${compared}` };
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
