import * as tf from '@tensorflow/tfjs-core';
import { type ForwardPass, rowBlocks, stack } from './forward.js';
import type { ParameterTensors } from './tensors.js';

/**
 * Backpropagation through time by hand: `forward` in reverse order. Transposes are explicit and taken once, because
 * the wasm backend multiplies transposed operands 30 to 100 times slower.
 * @param dLogits dLoss/dLogits (T B, V); @param inputs (T B), the window's symbols.
 * @returns the gradients, shaped as `parameters`, not yet clipped.
 */
export function backward(
  parameters: ParameterTensors,
  pass: ForwardPass,
  dLogits: tf.Tensor2D,
  inputs: tf.Tensor1D,
): ParameterTensors {
  const { Whh, Why } = parameters;
  const { hiddens, stacked, previous } = pass;
  // y_t = h_t Why + by
  const dWhy = tf.matMul<tf.Tensor2D>(tf.transpose(stacked), dLogits);
  const dby = tf.sum<tf.Tensor1D>(dLogits, 0);
  const dHiddens = tf.matMul<tf.Tensor2D>(dLogits, tf.transpose(Why));
  // h_t = tanh(x_t Wxh + h_{t-1} Whh + bh)
  const dRaw = recurrenceBackward(Whh, hiddens, dHiddens);
  const dbh = tf.sum<tf.Tensor1D>(dRaw, 0);
  const dWhh = tf.matMul<tf.Tensor2D>(tf.transpose(previous), dRaw);
  const dWxh = tf.unsortedSegmentSum<tf.Tensor2D>(dRaw, inputs, parameters.Wxh.shape[0]);
  return { Wxh: dWxh, Whh: dWhh, Why: dWhy, bh: dbh, by: dby };
}

/**
 * dRaw_t = (1 - h_t²) (dHidden_t + dNext), dNext = dRaw_{t+1} Whhᵀ, for t = T ... 1.
 * @param dHiddens what the logits ask of each h_t, (T B, H); @returns dRaw, (T B, H).
 */
function recurrenceBackward(Whh: tf.Tensor2D, hiddens: tf.Tensor2D[], dHiddens: tf.Tensor2D): tf.Tensor2D {
  const WhhT = tf.transpose(Whh);
  const wanted = rowBlocks(dHiddens, hiddens[0].shape[0]);
  const dRaw: tf.Tensor2D[] = [];
  for (let t = wanted.length; t > 0; t--) {
    const h = hiddens[t];
    const dHidden =
      dRaw.length === 0
        ? tf.reshape(wanted[t - 1], h.shape)
        : tf.add<tf.Tensor2D>(tf.matMul(dRaw[0], WhhT), wanted[t - 1]);
    dRaw.unshift(tf.mul<tf.Tensor2D>(dHidden, tf.sub(1, tf.square(h))));
  }
  return stack(dRaw);
}
