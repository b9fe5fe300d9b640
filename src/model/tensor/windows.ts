import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig, WindowDraws } from '../trainable-model.js';
import type { TensorFunction } from './compile.js';
import { repeated } from './repeated.js';
import { forward, lossAndGradients, trainStep, weightedLosses } from './step.js';
import { listOf, listOfState, PARAMETER_COUNT, parametersOf, STATE_COUNT, stateOf } from './tensors.js';

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
  const window: TensorFunction = (...tensors) => {
    const state = stateOf(tensors);
    const [inputs, targets, rate, ...draws] = tensors.slice(STATE_COUNT) as tf.Tensor1D[];
    const drawnAs = (name: keyof WindowDraws): tf.Tensor2D | undefined => {
      const values = drawn.includes(name) ? draws[drawn.indexOf(name)] : undefined;
      return values && tf.reshape(values, [values.size, 1]);
    };
    const kept = drawnAs('kept'); // (B, 1)
    const used = kept ? { ...state, hidden: tf.mul<tf.Tensor2D>(state.hidden, kept) } : state;
    const units = drawnAs('units'); // (H, 1)
    const { loss, next } = trainStep(config, used, inputs, targets, tf.reshape(rate, []), shards, units);
    return [...listOfState(next), tf.reshape(loss, [1])];
  };
  return repeated(window, windows, STATE_COUNT);
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
