import type { ModelSize, PerParameter } from '../parameters.js';
import type { SamplingModel } from '../../sampling/sampling-model.js';
import { addMultiplyTransposed, matrix } from './matrix.js';
import type { FloatArray } from './tiles.js';

/**
 * The model on the host, in plain TypeScript: for one stream and small matrices faster than calling into TensorFlow,
 * and the same on every backend.
 */
export class ReferenceSamplingModel implements SamplingModel {
  readonly #hidden: Float32Array;
  readonly #previous: Float32Array;
  readonly #logits: Float32Array;
  /** Wxh transposed with the bias added, (V, H): the row of a symbol is what it adds to the hidden state. */
  readonly #inputs: Float32Array;

  /** @param hidden (H) the state to start from; copied. */
  constructor(
    readonly size: ModelSize,
    readonly parameters: PerParameter<FloatArray>,
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

  get vocabularySize(): number {
    return this.size.vocabularySize;
  }

  /** A copy of the hidden state after what has been read, (H). */
  get hidden(): Float32Array {
    return this.#hidden.slice();
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
