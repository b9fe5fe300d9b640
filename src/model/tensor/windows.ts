import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../trainable-model.js';
import type { TensorFunction } from './compile.js';
import { forward, lossAndGradients, trainStep, weightedLosses } from './step.js';
import { listOf, listOfState, PARAMETER_COUNT, parametersOf, stateOf } from './tensors.js';

/**
 * K training windows one after another:
 * (5 parameters, 5 memories, hidden (B, H), inputs (K T B), targets (K T B), learning rates (K), kept (K B) or none)
 * → (5 parameters, 5 memories, hidden (B, H), losses (K)).
 * @param shards parts that each window's streams are cut into; a graph runs them side by side.
 */
export function trainWindows(config: ModelConfig, windows: number, shards = 1): TensorFunction {
  return (...tensors) => {
    let state = stateOf(tensors);
    const [inputs, targets, rates] = tensors.slice(2 * PARAMETER_COUNT + 1);
    const kept = tensors.at(2 * PARAMETER_COUNT + 4);
    const losses: tf.Tensor[] = [];
    for (let window = 0; window < windows; window++) {
      const [x, y, rate] = [inputs, targets, rates].map((vector) => part(vector, window, windows));
      if (kept) state = { ...state, hidden: keepStreams(state.hidden, part(kept, window, windows)) };
      const { loss, next } = trainStep(config, state, x, y, tf.reshape(rate, []), shards);
      state = next;
      losses.push(tf.reshape(loss, [1]));
    }
    return [...listOfState(state), windows === 1 ? losses[0] : tf.concat(losses)];
  };
}

/** Zeros where a stream's state is not kept. @param hidden (B, H); @param kept (B), 0 or 1. */
function keepStreams(hidden: tf.Tensor2D, kept: tf.Tensor1D): tf.Tensor2D {
  return tf.mul(hidden, tf.reshape(kept, [kept.size, 1]));
}

/** (5 parameters, hidden (B, H), inputs (T B), targets (T B)) → (5 gradients, unclipped; loss). */
export function windowGradients({ batchSize }: ModelConfig): TensorFunction {
  return (...tensors) => {
    const [hidden, inputs, targets] = tensors.slice(PARAMETER_COUNT) as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const { loss, gradients } = lossAndGradients(parametersOf(tensors), { hidden, inputs, targets }, batchSize);
    return [...listOf(gradients), loss];
  };
}

/**
 * (5 parameters, hidden (B, H), totals (B), inputs (T B), targets (T B), weights (T B)) → (hidden (B, H), totals +
 * weighted losses of each stream (B)); forward only.
 */
export const evaluateWindow: TensorFunction = (...tensors) => {
  const [hidden, totals, inputs, targets, weights] = tensors.slice(PARAMETER_COUNT);
  const [B] = hidden.shape;
  const { last, logits } = forward(parametersOf(tensors), hidden as tf.Tensor2D, inputs as tf.Tensor1D);
  const losses = weightedLosses(logits, targets as tf.Tensor1D, weights as tf.Tensor1D); // (T B)
  return [last, tf.add(totals, tf.sum(tf.reshape(losses, [losses.size / B, B]), 0))];
};

/** The `index`-th of `count` equal parts of a vector. */
function part(vector: tf.Tensor, index: number, count: number): tf.Tensor1D {
  const size = vector.shape[0] / count;
  return count === 1 ? (vector as tf.Tensor1D) : tf.slice(vector as tf.Tensor1D, [index * size], [size]);
}
