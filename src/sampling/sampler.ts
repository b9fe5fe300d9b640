import { CHUNK, type SamplingModel } from './sampling-model.js';
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

/** Parts that [0, 1] is cut into: the middle of each is a float32, and none is 0 or 1. */
const PARTS = 2 ** 23;

/**
 * `length` draws from (0, 1) for a text, one for each symbol: float32, so that every backend compares with the same. The
 * smallest one, and nothing is drawn, where the choice is greedy.
 */
export function textDraws(random: Random, length: number, { greedy }: SamplingOptions): Float32Array {
  const draws = new Float32Array(length).fill(0.5 / PARTS);
  if (!greedy) for (let i = 0; i < length; i++) draws[i] = (Math.floor(random.uniform() * PARTS) + 0.5) / PARTS;
  return draws;
}

/** What makes all but the largest logits improbable, and overflows with none. */
const SHARPEST = 1e20;

/** What logits are multiplied by before the softmax: 1 / temperature. Where the choice is greedy, only the largest is left. */
export function sharpnessOf({ temperature, greedy }: SamplingOptions): number {
  return greedy ? SHARPEST : Math.min(1 / temperature, SHARPEST);
}

/**
 * A draw from softmax(logits / temperature), among the symbols that top-k and top-p leave: the first symbol at which the
 * sum of the probabilities exceeds `draw`, as `numpy.random.choice` does it.
 */
export function pick(logits: Float32Array, draw: number, options: SamplingOptions): number {
  const allowed = options.topK > 0 || options.topP < 1 ? mostProbable(logits, options) : undefined;
  const sharpness = sharpnessOf(options);
  // Loops, because a small model would wait longer for callbacks than for its own products.
  let largest = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i] > largest) largest = logits[i];
  const weights = new Float64Array(logits.length);
  let total = 0;
  for (let i = 0; i < logits.length; i++) {
    if (allowed && !allowed.has(i)) continue;
    weights[i] = Math.exp((logits[i] - largest) * sharpness);
    total += weights[i];
  }
  let left = draw * total;
  let picked = 0;
  for (let i = 0; i < logits.length && left >= 0; i++) {
    if (!(weights[i] > 0)) continue;
    picked = i;
    left -= weights[i];
  }
  return picked;
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
    const draws = textDraws(random, Math.min(CHUNK, left), options);
    for (const symbols of generateInParts(model, last, draws, options)) for (const next of symbols) yield (last = next);
  }
}

/** Generates a symbol for each draw, see `generate`, as many at a time as the model gives in one call. */
export function* generateInParts(
  model: SamplingModel,
  symbol: number,
  draws: Float32Array,
  options: SamplingOptions,
): Generator<Int32Array, void> {
  const whole = model.generate && options.topK === 0 && options.topP === 1;
  const size = whole ? CHUNK : 1;
  let last = symbol;
  for (let from = 0; from < draws.length; from += size) {
    const symbols =
      whole && model.generate
        ? model.generate(last, draws.subarray(from, from + size), sharpnessOf(options))
        : Int32Array.of(pick(model.next(last), draws[from], options));
    last = symbols[symbols.length - 1];
    yield symbols;
  }
}
