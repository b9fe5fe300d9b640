import * as tf from '@tensorflow/tfjs-core';
import type { ParameterTensors } from './tensors.js';

/** What the forward sweep leaves for the loss and the backward sweep. B streams, T time steps, H hidden, V symbols. */
export interface ForwardPass {
  /** h_0 ... h_T, each (B, H); h_0 is the state before the window. */
  hiddens: tf.Tensor2D[];
  /** h_1 ... h_T one below the other, (T B, H). */
  stacked: tf.Tensor2D;
  /** h_0 ... h_{T-1} one below the other, (T B, H). */
  previous: tf.Tensor2D;
  /** y_t = h_t Why + by, (T B, V). */
  logits: tf.Tensor2D;
}

/**
 * h_t = tanh(x_t Wxh + h_{t-1} Whh + bh) for t = 1 ... T. Only the recurrence goes step by step: inputs are gathered
 * and logits computed for all T steps at once.
 * @param hidden (B, H); @param inputs (T B) symbol indices, time-major.
 */
export function forward(parameters: ParameterTensors, hidden: tf.Tensor2D, inputs: tf.Tensor1D): ForwardPass {
  const { Wxh, Whh, Why, bh, by } = parameters;
  const steps = rowBlocks(tf.gather(tf.add<tf.Tensor2D>(Wxh, bh), inputs), hidden.shape[0]);
  const hiddens = [hidden];
  for (const step of steps) {
    const previous = hiddens[hiddens.length - 1];
    hiddens.push(tf.tanh(tf.add<tf.Tensor2D>(step, tf.matMul(previous, Whh))));
  }
  const [B, H] = hidden.shape;
  // Two parts of one tensor, because slices of rows cost less than another stack.
  const all = stack(hiddens);
  const [stacked, previous] = [B, 0].map((row) => tf.slice(all, [row, 0], [inputs.size, H]));
  return { hiddens, stacked, previous, logits: tf.add<tf.Tensor2D>(tf.matMul(stacked, Why), by) };
}

/**
 * Cuts (T B, N) into T blocks of B rows; for B = 1 into T vectors (N), which as the vector added to a product cost
 * TensorFlow nothing extra.
 */
export function rowBlocks(rows: tf.Tensor2D, B: number): tf.Tensor[] {
  const [TB, N] = rows.shape;
  return tf.unstack(B === 1 ? rows : tf.reshape(rows, [TB / B, B, N]));
}

/** Blocks of rows one below the other. */
export function stack(blocks: tf.Tensor2D[]): tf.Tensor2D {
  return blocks.length === 1 ? blocks[0] : tf.concat(blocks, 0);
}
