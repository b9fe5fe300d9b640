import * as tf from '@tensorflow/tfjs-core';
import type { ForwardPass } from './forward.js';
import type { ParameterTensors } from './tensors.js';

/**
 * Backpropagation through time by hand: `forward` in reverse order. Weights are transposed before they are multiplied
 * with, once a window, because a product that does it by itself does it each time.
 * @param dLogits dLoss/dLogits (T B, V); @param inputs (T B), the window's symbols.
 * @returns the gradients, shaped as `parameters`, not yet clipped.
 */
export function backward(
  parameters: ParameterTensors,
  { hiddens }: ForwardPass,
  dLogits: tf.Tensor2D,
  inputs: tf.Tensor1D,
): ParameterTensors {
  const { Why } = parameters;
  // y_t = h_t Why + by
  const dWhy = tf.matMul<tf.Tensor2D>(hiddens.stacked, dLogits, true);
  const dby = tf.sum<tf.Tensor1D>(dLogits, 0);
  const dHiddens = tf.matMul<tf.Tensor2D>(dLogits, tf.transpose(Why));
  // h_t = tanh(x_t Wxh + h_{t-1} Whh + bh)
  const dRaw = hiddens.backward(dHiddens);
  const dbh = tf.sum<tf.Tensor1D>(dRaw, 0);
  const dWhh = tf.matMul<tf.Tensor2D>(hiddens.previous, dRaw, true);
  const dWxh = tf.unsortedSegmentSum<tf.Tensor2D>(dRaw, inputs, parameters.Wxh.shape[0]);
  return { Wxh: dWxh, Whh: dWhh, Why: dWhy, bh: dbh, by: dby };
}
