import type { SamplingModel } from './sampling-model.js';
import { Pauses } from '../system/pauses.js';
import { generateInParts, PLAIN_SAMPLING } from './sampler.js';

/**
 * Plain sampling with noise (n, V) that looks at the event loop now and then: n symbols, or once the signal comes those
 * that the model has given.
 */
export async function generateUntil(
  signal: AbortSignal | undefined,
  model: SamplingModel,
  symbol: number,
  noise: Float32Array,
): Promise<number[]> {
  const symbols: number[] = [];
  const pauses = new Pauses();
  for (const part of generateInParts(model, symbol, noise, PLAIN_SAMPLING)) {
    symbols.push(...part);
    if (!pauses.isDue) continue;
    await pauses.pause();
    if (signal?.aborted) break;
  }
  return symbols;
}
