import type { ModelSize, PerParameter } from '../parameters.js';
import { ReferenceRnn } from './rnn.js';
import type { FloatArray } from './tiles.js';

/** Reads windows of symbols and never learns: `ReferenceRnn`, or something faster that does the same. */
export interface ForwardRnn {
  /** Of the last window, as in `ReferenceRnn`. */
  readonly hiddens: FloatArray;
  readonly rowLosses: FloatArray;
  readonly probabilities: FloatArray;
  /** Reads a window. @param inputs (T, B) symbols; @param targets (T, B), what follows each. */
  forward(inputs: Int32Array, targets: Int32Array): void;
  /** Carries the hidden state on to the next window. */
  advance(): void;
}

/**
 * Gives a net that reads windows of T steps of B streams from hidden states (B, H), which are copied. Whoever asks for
 * another one is done with the one before.
 */
export type ForwardRnnFrom = (hidden: Float32Array, seqLength: number) => ForwardRnn;

/** The plain TypeScript version. */
export function referenceFrom(size: ModelSize, parameters: PerParameter<FloatArray>): ForwardRnnFrom {
  return (hidden, seqLength) => {
    const config = { ...size, batchSize: hidden.length / size.hiddenSize, seqLength, gradClip: 0 };
    // Memories are for learning alone, which never happens here.
    return new ReferenceRnn(config, parameters, parameters, hidden);
  };
}
