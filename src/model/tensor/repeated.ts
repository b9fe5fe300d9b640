import * as tf from '@tensorflow/tfjs-core';
import type { TensorFunction } from './compile.js';

/** A function made of turns that are all alike: a backend may record one and go through it again and again. */
export interface RepeatedFunction extends TensorFunction {
  /** (state, a part of each other input) → (state, vectors). */
  readonly turn: TensorFunction;
  readonly times: number;
  /** How many tensors the state has. */
  readonly carried: number;
}

/**
 * `turn` done `times` times: (state, vectors) → (state, vectors). The state of `carried` tensors goes from turn to turn.
 * Each turn gets the next of `times` equal parts of every other input, and the vectors that turns give are joined.
 */
export function repeated(turn: TensorFunction, times: number, carried: number): RepeatedFunction {
  const whole: TensorFunction = (...tensors) => {
    let state = tensors.slice(0, carried);
    const given = tensors.slice(carried);
    const joined: tf.Tensor[][] = [];
    for (let index = 0; index < times; index++) {
      const results = turn(...state, ...given.map((vector) => part(vector, index, times)));
      state = results.slice(0, carried);
      results.slice(carried).forEach((vector, i) => (joined[i] ??= []).push(vector));
    }
    return [...state, ...joined.map((vectors) => (times === 1 ? vectors[0] : tf.concat(vectors)))];
  };
  return Object.assign(whole, { turn, times, carried });
}

/** The `index`-th of `count` equal parts of a vector. */
export function part(vector: tf.Tensor, index: number, count: number): tf.Tensor {
  const size = vector.shape[0] / count;
  return count === 1 ? vector : tf.slice(vector, [index * size], [size]);
}
