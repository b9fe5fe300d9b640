import type { SamplingModel } from './sampling-model.js';
import { Pauses } from '../system/pauses.js';
import { generateInParts, type SamplingOptions } from './sampler.js';

/**
 * Generates a symbol for each draw, and looks at the event loop now and then: all, or once the signal comes those that the
 * model has given.
 */
export async function generateUntil(
  signal: AbortSignal | undefined,
  model: SamplingModel,
  symbol: number,
  draws: Float32Array,
  options: SamplingOptions,
): Promise<number[]> {
  const symbols: number[] = [];
  const pauses = new Pauses();
  for (const part of generateInParts(model, symbol, draws, options)) {
    symbols.push(...part);
    if (!pauses.isDue) continue;
    await pauses.pause();
    if (signal?.aborted) break;
  }
  return symbols;
}
