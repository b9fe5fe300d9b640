import * as tf from '@tensorflow/tfjs-core';
import { type Recurrence, recurrence } from './recurrence.js';
import type { ParameterTensors } from './tensors.js';

/** What the forward sweep leaves for the loss and the backward sweep. B streams, T time steps, H hidden, V symbols. */
export interface ForwardPass {
  /** h_0 ... h_T; h_0 is the state before the window. */
  hiddens: Recurrence;
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
  // The bias goes to the rows of the table or to the rows that are picked from it, whichever are fewer.
  const steps =
    inputs.size < Wxh.shape[0]
      ? tf.add<tf.Tensor2D>(tf.gather(Wxh, inputs), bh)
      : tf.gather(tf.add<tf.Tensor2D>(Wxh, bh), inputs);
  const hiddens = recurrence(steps, hidden, Whh);
  return { hiddens, logits: tf.add<tf.Tensor2D>(tf.matMul(hiddens.stacked, Why), by) };
}
