import type { SamplingModel } from '../model/sampling-model.js';
import { Pauses } from '../system/pauses.js';
import { generateWithNoise, PLAIN_SAMPLING } from './sampler.js';

/** Plain sampling with noise (n, V) that looks at the event loop now and then: n symbols, or fewer once the signal comes. */
export async function generateUntil(
  signal: AbortSignal | undefined,
  model: SamplingModel,
  symbol: number,
  noise: Float32Array,
): Promise<number[]> {
  const symbols: number[] = [];
  const pauses = new Pauses();
  for (const next of generateWithNoise(model, symbol, noise, PLAIN_SAMPLING)) {
    symbols.push(next);
    if (!pauses.isDue) continue;
    await pauses.pause();
    if (signal?.aborted) break;
  }
  return symbols;
}
