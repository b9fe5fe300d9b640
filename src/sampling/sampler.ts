import { CHUNK, type SamplingModel } from './sampling-model.js';
import { gumbelQuantile } from './gumbel.js';
import type { Random } from './random.js';

/** How the next symbol is picked from the model's logits. */
export interface SamplingOptions {
  /** Logits are divided by it: below 1 bolder, above 1 wilder. Above 0. */
  temperature: number;
  /** Only the k most probable symbols are considered; 0 for all. */
  topK: number;
  /** Only the most probable symbols that together reach this probability are considered; 1 for all. */
  topP: number;
  /** Always the most probable symbol. */
  greedy: boolean;
}

/** Sampling from the model's own distribution. */
export const PLAIN_SAMPLING: SamplingOptions = { temperature: 1, topK: 0, topP: 1, greedy: false };

/**
 * `rows` rows of noise (rows, V) for the Gumbel-max trick (Gumbel 1954): the largest of logit + noise is a draw from
 * softmax(logits / temperature). So a whole text can be drawn without leaving the backend, and the same draws give the
 * same text on each. Zeros, and no draws, where the choice is greedy.
 */
export function gumbelNoise(
  random: Random,
  rows: number,
  vocabularySize: number,
  { temperature, greedy }: SamplingOptions,
): Float32Array {
  const noise = new Float32Array(rows * vocabularySize);
  if (greedy) return noise;
  const draws = new Float64Array(noise.length);
  random.uniforms(draws);
  for (let i = 0; i < noise.length; i++) noise[i] = temperature * gumbelQuantile(draws[i]);
  return noise;
}

/** The symbol with the largest logit + noise among those that top-k and top-p leave. @param noise (V). */
export function pick(logits: Float32Array, noise: Float32Array, options: SamplingOptions): number {
  const allowed = options.topK > 0 || options.topP < 1 ? mostProbable(logits, options) : undefined;
  let best = -1;
  let largest = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (allowed && !allowed.has(i)) continue;
    const value = Math.fround(logits[i] + noise[i]);
    if (value > largest || best < 0) [best, largest] = [i, value];
  }
  return best;
}

/** The k most probable symbols and, of those, the fewest that together reach `topP`. */
function mostProbable(logits: Float32Array, { temperature, topK, topP }: SamplingOptions): Set<number> {
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a]);
  if (topK > 0) order.splice(topK);
  const weights = order.map((i) => Math.exp((logits[i] - logits[order[0]]) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  for (let mass = 0; kept < order.length && (kept === 0 || mass < topP * total); kept++) mass += weights[kept];
  return new Set(order.slice(0, kept));
}

/** Generates `length` symbols (Infinity: without end), each fed back in; the first one follows `symbol`. */
export function* generate(
  model: SamplingModel,
  symbol: number,
  length: number,
  options: SamplingOptions,
  random: Random,
): Generator<number, void> {
  let last = symbol;
  for (let left = length; left > 0; left -= CHUNK) {
    const noise = gumbelNoise(random, Math.min(CHUNK, left), model.vocabularySize, options);
    for (const next of generateWithNoise(model, last, noise, options)) yield (last = next);
  }
}

/** Generates a symbol for each row of noise (n, V); see `generate`. */
export function* generateWithNoise(
  model: SamplingModel,
  symbol: number,
  noise: Float32Array,
  options: SamplingOptions,
): Generator<number, void> {
  for (const symbols of generateInParts(model, symbol, noise, options)) yield* symbols;
}

/** The symbols of `generateWithNoise`, as many at a time as the model gives in one call. */
export function* generateInParts(
  model: SamplingModel,
  symbol: number,
  noise: Float32Array,
  options: SamplingOptions,
): Generator<Int32Array, void> {
  const V = model.vocabularySize;
  const whole = model.generate && options.topK === 0 && options.topP === 1;
  const size = (whole ? CHUNK : 1) * V;
  let last = symbol;
  for (let from = 0; from < noise.length; from += size) {
    const part = noise.subarray(from, from + size);
    const symbols =
      whole && model.generate ? model.generate(last, part) : Int32Array.of(pick(model.next(last), part, options));
    last = symbols[symbols.length - 1];
    yield symbols;
  }
}
