import * as tf from '@tensorflow/tfjs-core';
import type { Compile, Compiled } from '../backends/compile.js';
import { type ModelSize, PARAMETER_NAMES, type PerParameter } from '../parameters.js';
import type { SymbolModel } from '../sampler.js';
import { forward } from './forward.js';
import { parametersOf, upload } from './tensors.js';

/** A model read one symbol at a time on a TensorFlow.js backend: worth its calls where matrices are large. */
export class TensorSymbolModel implements SymbolModel {
  readonly #parameters: tf.Tensor[];
  #hidden: tf.Tensor;
  readonly #step: Compiled;

  /** @param hidden (H) the state to start from; copied. */
  constructor(size: ModelSize, parameters: PerParameter<Float32Array>, hidden: Float32Array, compile: Compile) {
    this.#parameters = PARAMETER_NAMES.map((name) => upload(name, parameters[name], size));
    this.#hidden = tf.tensor2d(hidden.slice(0, size.hiddenSize), [1, size.hiddenSize]);
    const symbol = tf.tensor1d([0], 'int32');
    this.#step = compile(nextLogits, [...this.#parameters, this.#hidden, symbol]);
    symbol.dispose();
  }

  next(symbol: number): Float32Array {
    const input = tf.tensor1d([symbol], 'int32');
    const [hidden, logits] = this.#step.run([...this.#parameters, this.#hidden, input]);
    const values = logits.dataSync<'float32'>();
    tf.dispose([input, this.#hidden, logits]);
    this.#hidden = hidden;
    return values;
  }

  dispose(): void {
    this.#step.dispose();
    tf.dispose([this.#parameters, this.#hidden]);
  }
}

/** (5 parameters, hidden (1, H), symbol (1)) → (hidden (1, H), logits (1, V)). */
function nextLogits(...tensors: tf.Tensor[]): tf.Tensor[] {
  const [hidden, symbol] = tensors.slice(-2);
  const { hiddens, logits } = forward(parametersOf(tensors), hidden as tf.Tensor2D, symbol as tf.Tensor1D);
  return [hiddens[1], logits];
}
