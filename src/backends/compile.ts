import * as tf from '@tensorflow/tfjs-core';
import type { TensorFunction } from '../model/train-step.js';

/** A tensor function made ready to run many times with tensors of the same shapes. */
export interface Compiled {
  /** Runs it; the caller disposes what it returns. */
  run(inputs: tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/** Makes a function ready to run. @param examples tensors of the shapes and dtypes that it will be called with. */
export type Compile = (fn: TensorFunction, examples: tf.Tensor[]) => Compiled;

/** Runs a function op by op: works on every backend. */
export const opByOp: Compile = (fn) => ({
  run: (inputs) => tf.tidy(() => fn(...inputs)),
  dispose() {},
});
