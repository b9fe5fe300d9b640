import * as tf from '@tensorflow/tfjs-core';
import type { Compile, Compiled } from './compile.js';
import { type ModelSize, PARAMETER_NAMES, type PerParameter } from '../parameters.js';
import { CHUNK, type SamplingModel } from '../../sampling/sampler.js';
import { forward } from './forward.js';
import { parametersOf, upload } from './tensors.js';
import type { TensorFunction } from './train-step.js';

/** A model read one symbol at a time, or generating a chunk of text a call, on a TensorFlow.js backend. */
export class TensorSamplingModel implements SamplingModel {
  readonly vocabularySize: number;
  readonly #parameters: tf.Tensor[];
  #hidden: tf.Tensor;
  readonly #compiled = new Map<TensorFunction, Compiled>();

  /** @param hidden (H) the state to start from; copied. */
  constructor(
    size: ModelSize,
    parameters: PerParameter<Float32Array>,
    hidden: Float32Array,
    private readonly compile: Compile,
  ) {
    this.vocabularySize = size.vocabularySize;
    this.#parameters = PARAMETER_NAMES.map((name) => upload(name, parameters[name], size));
    this.#hidden = tf.tensor2d(hidden.slice(0, size.hiddenSize), [1, size.hiddenSize]);
  }

  next(symbol: number): Float32Array {
    const [hidden, logits] = this.#run(nextLogits, [tf.tensor1d([symbol], 'int32')]);
    const values = logits.dataSync<'float32'>();
    logits.dispose();
    this.#hidden = hidden;
    return values;
  }

  generate(symbol: number, noise: Float32Array): Int32Array {
    const rows = noise.length / this.vocabularySize;
    const [hiddens, symbols] = this.#run(generateChunk, [
      tf.tensor1d([symbol], 'int32'),
      tf.tensor2d(paddedNoise(noise, this.vocabularySize), [CHUNK, this.vocabularySize]),
    ]);
    const values = Int32Array.from(symbols.dataSync<'int32'>());
    this.#hidden = tf.tidy(() => tf.slice(hiddens as tf.Tensor2D, [rows - 1, 0], [1, hiddens.shape[1] ?? 0]));
    tf.dispose([hiddens, symbols]);
    return values.subarray(0, rows);
  }

  dispose(): void {
    this.#compiled.forEach((compiled) => compiled.dispose());
    tf.dispose([this.#parameters, this.#hidden]);
  }

  /** Runs a function on (5 parameters, hidden, ...inputs) and frees the inputs and the old hidden state. */
  #run(fn: TensorFunction, inputs: tf.Tensor[]): tf.Tensor[] {
    const all = [...this.#parameters, this.#hidden, ...inputs];
    const compiled = this.#compiled.get(fn) ?? this.compile(fn, all);
    this.#compiled.set(fn, compiled);
    const results = compiled.run(all);
    tf.dispose([inputs, this.#hidden]);
    return results;
  }
}

/** Noise for a whole chunk; what is generated past the given rows is not used. */
export function paddedNoise(noise: Float32Array, vocabularySize: number): Float32Array {
  const padded = new Float32Array(CHUNK * vocabularySize);
  padded.set(noise);
  return padded;
}

/** (5 parameters, hidden (1, H), symbol (1)) → (hidden (1, H), logits (1, V)). */
export const nextLogits: TensorFunction = (...tensors) => {
  const [hidden, symbol] = tensors.slice(-2);
  const { hiddens, logits } = forward(parametersOf(tensors), hidden as tf.Tensor2D, symbol as tf.Tensor1D);
  return [hiddens.last, logits];
};

/**
 * (5 parameters, hidden (1, H), symbol (1), noise (CHUNK, V)) → (hidden after each symbol read (CHUNK, H), symbols
 * (CHUNK)): each symbol is the one with the largest logit + noise, and is read next.
 */
export const generateChunk: TensorFunction = (...tensors) => {
  const { Wxh, Whh, Why, bh, by } = parametersOf(tensors);
  const [first, start, noise] = tensors.slice(-3);
  const inputs = tf.add<tf.Tensor2D>(Wxh, bh);
  const biases = tf.unstack(tf.add(noise, by));
  const hiddens: tf.Tensor2D[] = [];
  const symbols: tf.Tensor1D[] = [];
  for (const bias of biases) {
    const input = tf.reshape(tf.gather(inputs, symbols.at(-1) ?? (start as tf.Tensor1D)), [Whh.shape[0]]);
    const previous = hiddens.at(-1) ?? (first as tf.Tensor2D);
    const hidden = tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(previous, Whh), input));
    hiddens.push(hidden);
    symbols.push(tf.argMax(tf.add(tf.matMul(hidden, Why), bias), 1));
  }
  return [tf.concat(hiddens, 0), tf.concat(symbols)];
};
