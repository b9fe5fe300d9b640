import type { ReferenceSamplingModel } from './reference-sampling-model.js';

/** What a model does while it reads a text of T symbols. */
export interface Activations {
  /** The hidden state after each symbol: T arrays of H values from -1 to 1. */
  readonly hidden: readonly Float32Array[];
  /** The probability of each symbol of the vocabulary to come next, after each symbol read: T arrays of V values. */
  readonly probabilities: readonly Float32Array[];
  /** -ln p of each symbol before it was read, in nats, (T); NaN for the first, which nothing precedes. */
  readonly losses: Float32Array;
}

/** Reads symbols on and keeps all that the model computes, T (H + V) numbers. @param symbols (T) vocabulary indices. */
export function activationsOf(model: ReferenceSamplingModel, symbols: Int32Array): Activations {
  const hidden: Float32Array[] = [];
  const probabilities: Float32Array[] = [];
  const losses = new Float32Array(symbols.length).fill(NaN);
  symbols.forEach((symbol, t) => {
    const logits = model.next(symbol);
    const logSum = logSumExp(logits);
    hidden.push(model.hidden);
    probabilities.push(logits.map((logit) => Math.exp(logit - logSum)));
    if (t + 1 < losses.length) losses[t + 1] = logSum - logits[symbols[t + 1]];
  });
  return { hidden, probabilities, losses };
}

/** ln Σ exp(logits). Reductions, as a large vocabulary is more than a call takes as arguments. */
function logSumExp(logits: Float32Array): number {
  const largest = logits.reduce((most, logit) => Math.max(most, logit));
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}
