import { type ModelSize, type PerParameter } from './parameters.js';
import type { Random } from './random.js';
import { addMultiplyTransposed, matrix } from './reference/matrix.js';

/** How the next symbol is picked from the model's logits. */
export interface SamplingOptions {
  /** Logits are divided by it: below 1 bolder, above 1 wilder. Above 0. */
  temperature: number;
  /** Only the k most probable symbols are considered; 0 for all. */
  topK: number;
  /** Only the most probable symbols that together reach this probability are considered; 1 for all. */
  topP: number;
  /** Always the most probable symbol; no random draw is made. */
  greedy: boolean;
}

/** Sampling from the model's own distribution. */
export const PLAIN_SAMPLING: SamplingOptions = { temperature: 1, topK: 0, topP: 1, greedy: false };

/** A model read one symbol at a time. */
export interface SymbolModel {
  /** Reads a symbol; returns the logits (V) of the next one, valid until the next call. */
  next(symbol: number): Float32Array;
  /** Frees what the model holds. */
  dispose(): void;
}

/**
 * The model on the host, in plain TypeScript: for one stream and small matrices faster than calling into TensorFlow,
 * and the same on every backend.
 */
export class HostModel implements SymbolModel {
  readonly #hidden: Float32Array;
  readonly #previous: Float32Array;
  readonly #logits: Float32Array;
  /** Wxh transposed with the bias added, (V, H): the row of a symbol is what it adds to the hidden state. */
  readonly #inputs: Float32Array;

  /** @param hidden (H) the state to start from; copied. */
  constructor(
    readonly size: ModelSize,
    readonly parameters: PerParameter<Float32Array>,
    hidden: Float32Array,
  ) {
    const { hiddenSize: H, vocabularySize: V } = size;
    this.#hidden = Float32Array.from(hidden.subarray(0, H));
    this.#previous = new Float32Array(H);
    this.#logits = new Float32Array(V);
    this.#inputs = new Float32Array(V * H);
    this.#inputs.forEach((_, i) => {
      const h = i % H;
      this.#inputs[i] = parameters.Wxh[h * V + Math.floor(i / H)] + parameters.bh[h];
    });
  }

  next(symbol: number): Float32Array {
    const { hiddenSize: H, vocabularySize: V } = this.size;
    const { Whh, Why, by } = this.parameters;
    this.#previous.set(this.#hidden);
    this.#hidden.set(this.#inputs.subarray(symbol * H, (symbol + 1) * H));
    addMultiplyTransposed(matrix(this.#hidden, 1, H), matrix(this.#previous, 1, H), matrix(Whh, H, H));
    for (let i = 0; i < H; i++) this.#hidden[i] = Math.tanh(this.#hidden[i]);
    this.#logits.set(by);
    addMultiplyTransposed(matrix(this.#logits, 1, V), matrix(this.#hidden, 1, H), matrix(Why, V, H));
    return this.#logits;
  }

  dispose(): void {}
}

/** Generates symbols without end, each fed back in; the first one follows `symbol`. */
export function* generate(
  model: SymbolModel,
  symbol: number,
  options: SamplingOptions,
  random: Random,
): Generator<number, never> {
  for (let last = symbol; ;) {
    last = pick(model.next(last), options, random);
    yield last;
  }
}

/** The first `length` symbols of `generate`. */
export function sample(
  model: SymbolModel,
  symbol: number,
  length: number,
  options: SamplingOptions,
  random: Random,
): number[] {
  const symbols: number[] = [];
  if (length === 0) return symbols;
  for (const next of generate(model, symbol, options, random)) {
    if (symbols.push(next) === length) return symbols;
  }
  return symbols;
}

/** Picks a symbol: p ∝ exp(logit / temperature) over the symbols that top-k and top-p leave. */
export function pick(logits: Float32Array, options: SamplingOptions, random: Random): number {
  const largest = argmax(logits);
  if (options.greedy) return largest;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - logits[largest]) / options.temperature));
  if (options.topK > 0 || options.topP < 1) keepMostProbable(weights, options);
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return largest;
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** Sets all weights to 0 but the k largest and, of those, the fewest that reach `topP` of the total. */
function keepMostProbable(weights: Float64Array, { topK, topP }: SamplingOptions): void {
  const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || a - b);
  const dropped = topK > 0 ? order.splice(topK) : [];
  const total = order.reduce((sum, i) => sum + weights[i], 0);
  let kept = 0;
  let mass = 0;
  while (kept < order.length && (kept === 0 || mass < topP * total)) mass += weights[order[kept++]];
  for (const i of [...dropped, ...order.slice(kept)]) weights[i] = 0;
}
