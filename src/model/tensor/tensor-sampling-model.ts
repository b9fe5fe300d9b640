import * as tf from '@tensorflow/tfjs-core';
import { type ModelSize, PARAMETER_NAMES, type PerParameter } from '../parameters.js';
import { CHUNK, type SamplingModel } from '../../sampling/sampling-model.js';
import { CompiledFunctions, type TensorBackend, type TensorFunction } from './compile.js';
import { fusedGeneration } from './fused.js';
import { forward } from './step.js';
import { parametersOf, upload } from './tensors.js';

/** Reads and generates on a TensorFlow.js backend, with parameters and compiled functions that belong to another. */
export class TensorGenerator implements SamplingModel {
  readonly vocabularySize: number;
  #hidden: tf.Tensor2D;

  /** @param on where they are. @param parameters in the order of `PARAMETER_NAMES`; @param hidden (1, H) the state to start from; freed here. */
  constructor(
    private readonly on: TensorBackend,
    protected readonly parameters: readonly tf.Tensor[],
    hidden: tf.Tensor2D,
    protected readonly functions: CompiledFunctions,
  ) {
    this.vocabularySize = parametersOf(parameters).by.size;
    this.#hidden = hidden;
  }

  next(symbol: number): Float32Array {
    return this.on.run(() => {
      const [hidden, logits] = this.#run('next', nextLogits, [tf.tensor1d([symbol], 'int32')]);
      const values = logits.dataSync<'float32'>();
      logits.dispose();
      this.#hidden = hidden as tf.Tensor2D;
      return values;
    });
  }

  generate(symbol: number, draws: Float32Array, sharpness: number): Int32Array {
    const rows = draws.length;
    // Draws for a whole chunk; what is generated past the given ones is not used.
    const padded = new Float32Array(CHUNK);
    padded.set(draws);
    return this.on.run(() => {
      const given = [tf.tensor1d([symbol], 'int32'), tf.tensor1d(padded), tf.scalar(sharpness)];
      const [hiddens, symbols] = this.#run('generate', generateChunk, given);
      const values = Int32Array.from(symbols.dataSync<'int32'>());
      this.#hidden = tf.slice(hiddens as tf.Tensor2D, [rows - 1, 0], [1, hiddens.shape[1] ?? 0]);
      tf.dispose([hiddens, symbols]);
      return values.subarray(0, rows);
    });
  }

  dispose(): void {
    this.#hidden.dispose();
  }

  /** Runs a function on (5 parameters, hidden, ...inputs) and frees the inputs and the old hidden state. */
  #run(name: string, fn: TensorFunction, inputs: tf.Tensor[]): tf.Tensor[] {
    const results = this.functions.run(name, () => fn, [...this.parameters, this.#hidden, ...inputs]);
    tf.dispose([inputs, this.#hidden]);
    return results;
  }
}

/** A model to generate text with, on a TensorFlow.js backend. */
export class TensorSamplingModel extends TensorGenerator {
  /** @param hidden (H) the state to start from; copied. */
  constructor(size: ModelSize, parameters: PerParameter<Float32Array>, hidden: Float32Array, on: TensorBackend) {
    const { hiddenSize: H } = size;
    super(
      on,
      on.run(() => PARAMETER_NAMES.map((name) => upload(name, parameters[name], size))),
      on.run(() => tf.tensor2d(hidden.slice(0, H), [1, H])),
      new CompiledFunctions(on),
    );
  }

  override dispose(): void {
    super.dispose();
    this.functions.dispose();
    tf.dispose([...this.parameters]);
  }
}

/** (5 parameters, hidden (1, H), symbol (1)) → (hidden (1, H), logits (1, V)). */
const nextLogits: TensorFunction = (...tensors) => {
  const [hidden, symbol] = tensors.slice(-2);
  const { last, logits } = forward(parametersOf(tensors), hidden as tf.Tensor2D, symbol as tf.Tensor1D);
  return [last, logits];
};

/**
 * (5 parameters, hidden (1, H), symbol (1), draws (CHUNK), sharpness) → (hidden after each symbol read (CHUNK, H),
 * symbols (CHUNK)): each is drawn from softmax(sharpness · logits), see `pick`, and is read next.
 */
const generateChunk: TensorFunction = (...tensors) => {
  const { Wxh, Whh, Why, bh, by } = parametersOf(tensors);
  const [hidden, start, draws, sharpness] = tensors.slice(-4);
  const given = {
    inputs: tf.add<tf.Tensor2D>(Wxh, bh),
    Whh,
    Why: tf.mul<tf.Tensor2D>(Why, sharpness),
    by: tf.mul<tf.Tensor1D>(by, sharpness),
    hidden: hidden as tf.Tensor2D,
    start: start as tf.Tensor1D,
    draws: draws as tf.Tensor1D,
  };
  return fusedGeneration(given) ?? generateStepwise(given);
};

function generateStepwise({
  inputs,
  Whh,
  Why,
  by,
  hidden: first,
  start,
  draws,
}: Parameters<typeof fusedGeneration>[0]) {
  const V = by.size;
  const hiddens: tf.Tensor2D[] = [];
  const symbols: tf.Tensor1D[] = [];
  // A draw for each symbol but the last, which is left when no other is: its sum of 1 may have been rounded down.
  const last = tf.oneHot(tf.tensor1d([V - 1], 'int32'), V, 2, 0, 'float32');
  const thresholds = tf.sub<tf.Tensor2D>(tf.reshape(draws, [draws.size, 1]), last);
  for (const threshold of tf.unstack(thresholds)) {
    const input = tf.reshape(tf.gather(inputs, symbols.at(-1) ?? start), [Whh.shape[0]]);
    const previous = hiddens.at(-1) ?? first;
    const hidden = tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(previous, Whh), input));
    hiddens.push(hidden);
    const sums = tf.cumsum(tf.softmax(tf.add(tf.matMul(hidden, Why), by)), 1);
    // As many symbols as there are sums up to the draw come before.
    symbols.push(tf.sum<tf.Tensor1D>(tf.cast(tf.lessEqual(sums, threshold), 'int32'), 1));
  }
  return [tf.concat(hiddens, 0), tf.concat(symbols)];
}
