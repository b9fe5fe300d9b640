import type { Evaluator } from '../trainable-model.js';
import type { ModelSize, PerParameter } from '../parameters.js';
import { ReferenceRnn } from './rnn.js';
import type { FloatArray } from './tiles.js';

/** Evaluates parameters in plain TypeScript, in windows of T steps. */
export class ReferenceEvaluator implements Evaluator {
  readonly #rnn: ReferenceRnn;
  readonly #totals: Float64Array;

  /** @param hidden where each of E streams starts, (E, H); copied. */
  constructor(size: ModelSize, parameters: PerParameter<FloatArray>, hidden: Float32Array, seqLength: number) {
    const { hiddenSize, vocabularySize } = size;
    const batchSize = hidden.length / hiddenSize;
    const config = { hiddenSize, vocabularySize, batchSize, seqLength, gradClip: 0 };
    // Memories are for learning alone, which never happens here.
    this.#rnn = new ReferenceRnn(config, parameters, parameters, hidden);
    this.#totals = new Float64Array(batchSize);
  }

  add(inputs: Int32Array, targets: Int32Array, weights: Float32Array): void {
    const streams = this.#totals.length;
    this.#rnn.forward(inputs, targets);
    this.#rnn.rowLosses.forEach((loss, row) => (this.#totals[row % streams] += loss * (weights[row] ?? 0)));
    this.#rnn.advance();
  }

  totals(): Promise<Float32Array> {
    return Promise.resolve(Float32Array.from(this.#totals));
  }

  hidden(): Promise<Float32Array> {
    const { batchSize, hiddenSize } = this.#rnn.config;
    return Promise.resolve(Float32Array.from(this.#rnn.hiddens.subarray(0, batchSize * hiddenSize)));
  }

  dispose(): void {}
}
