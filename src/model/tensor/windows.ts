import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig, WindowDraws } from '../trainable-model.js';
import type { TensorFunction } from './compile.js';
import { forward, lossAndGradients, trainStep, weightedLosses } from './step.js';
import { listOf, listOfState, PARAMETER_COUNT, parametersOf, stateOf } from './tensors.js';

/**
 * K training windows one after another:
 * (5 parameters, 5 memories, hidden (B, H), inputs (K T B), targets (K T B), learning rates (K), draws)
 * → (5 parameters, 5 memories, hidden (B, H), losses (K)).
 * @param shards parts that each window's streams are cut into; a graph runs them side by side.
 * @param drawn which of `WindowDraws` there are, in order: kept (K B), units (K H).
 */
export function trainWindows(
  config: ModelConfig,
  windows: number,
  shards = 1,
  drawn: readonly (keyof WindowDraws)[] = [],
): TensorFunction {
  return (...tensors) => {
    let state = stateOf(tensors);
    const [inputs, targets, rates] = tensors.slice(2 * PARAMETER_COUNT + 1);
    const drawnAs = (name: keyof WindowDraws, window: number): tf.Tensor2D | undefined => {
      const index = drawn.indexOf(name);
      return index < 0 ? undefined : columnOf(tensors[2 * PARAMETER_COUNT + 4 + index], window, windows);
    };
    const losses: tf.Tensor[] = [];
    for (let window = 0; window < windows; window++) {
      const [x, y, rate] = [inputs, targets, rates].map((vector) => part(vector, window, windows));
      const kept = drawnAs('kept', window); // (B, 1)
      if (kept) state = { ...state, hidden: tf.mul(state.hidden, kept) };
      const units = drawnAs('units', window); // (H, 1)
      const { loss, next } = trainStep(config, state, x, y, tf.reshape(rate, []), shards, units);
      state = next;
      losses.push(tf.reshape(loss, [1]));
    }
    return [...listOfState(state), windows === 1 ? losses[0] : tf.concat(losses)];
  };
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

/** The `index`-th of `count` equal parts of a vector, as a column: (N, 1). */
function columnOf(vector: tf.Tensor, index: number, count: number): tf.Tensor2D {
  const values = part(vector, index, count);
  return tf.reshape(values, [values.size, 1]);
}

/** The `index`-th of `count` equal parts of a vector. */
function part(vector: tf.Tensor, index: number, count: number): tf.Tensor1D {
  const size = vector.shape[0] / count;
  return count === 1 ? (vector as tf.Tensor1D) : tf.slice(vector as tf.Tensor1D, [index * size], [size]);
}
