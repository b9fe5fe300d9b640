import type { ModelSize, PerParameter } from '../parameters.js';
import { referenceFrom } from './forward-rnn.js';
import { readWindows } from './text-reader.js';
import type { FloatArray } from './tiles.js';

/** What a model does while it reads a text of T symbols. */
export interface Activations {
  /** The hidden state after each symbol: T arrays of H values from -1 to 1. */
  readonly hidden: readonly Float32Array[];
  /** The probability of each symbol of the vocabulary to come next, after each symbol read: T arrays of V values. */
  readonly probabilities: readonly Float32Array[];
  /** -ln p of each symbol before it was read, in nats, (T); NaN for the first, which nothing precedes. */
  readonly losses: Float32Array;
}

/**
 * Reads a text from a hidden state and keeps all that the model computes, T (H + V) numbers.
 * @param start (H) the state before the first symbol; @param symbols (T) vocabulary indices.
 */
export function activationsOf(
  size: ModelSize,
  parameters: PerParameter<FloatArray>,
  start: Float32Array,
  symbols: Int32Array,
): Activations {
  const { hiddenSize: H, vocabularySize: V } = size;
  const hidden: Float32Array[] = [];
  const probabilities: Float32Array[] = [];
  const losses = new Float32Array(symbols.length);
  for (const read of readWindows(size, referenceFrom(size, parameters), start, symbols)) {
    losses.set(read.losses, read.from);
    for (let t = 0; t < read.losses.length; t++) {
      hidden.push(Float32Array.from(read.hiddens.subarray(t * H, (t + 1) * H)));
      probabilities.push(Float32Array.from(read.probabilities.subarray(t * V, (t + 1) * V)));
    }
  }
  return { hidden, probabilities, losses };
}
