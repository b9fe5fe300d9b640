import * as tf from '@tensorflow/tfjs-core';
import { DECAYED, PARAMETER_NAMES } from '../parameters.js';
import type { ModelConfig } from '../trainable-model.js';
import { fusedAdagrad, fusedBackward, fusedForward, fusedSoftmax } from './fused.js';
import { inShards } from './shards.js';
import {
  type GradientTensors,
  type ParameterTensors,
  parametersOf,
  type StateTensors,
  type WindowTensors,
} from './tensors.js';

// One training step of the minimal character RNN: forward through time, softmax cross-entropy, backward through time,
// clipping, Adagrad. B streams, T time steps, H hidden units, V symbols. An array of a window holds its T steps one
// below the other, B rows each, (T B, ...). Only the recurrence goes step by step; the rest is done for all T at once.
// A backend may have kernels that do a whole loop or update in one call: `fused*` gives undefined where it has none.

/** What the forward sweep leaves for the loss and the backward sweep. */
export interface ForwardPass {
  /** h_0 ... h_T, (B, H) each: h_0 is the state before the window. Only h_0 where a fused kernel went through time. */
  hs: tf.Tensor2D[];
  /** h_0 ... h_T, ((T + 1) B, H). */
  states: tf.Tensor2D;
  /** h_0 ... h_{T-1}, what each step starts from, (T B, H). */
  before: tf.Tensor2D;
  /** h_1 ... h_T, what each step ends in, (T B, H). */
  after: tf.Tensor2D;
  /** h_T, (B, H). */
  last: tf.Tensor2D;
  /** y_1 ... y_T, (T B, V). */
  logits: tf.Tensor2D;
}

/**
 * h_t = tanh(x_t Wxh + bh + h_{t-1} Whh), y_t = h_t Why + by, for t = 1 ... T.
 * @param hidden h_0, (B, H); @param inputs (T B) symbol indices, time-major.
 */
export function forward(parameters: ParameterTensors, hidden: tf.Tensor2D, inputs: tf.Tensor1D): ForwardPass {
  const { Wxh, Whh, Why, bh, by } = parameters; // (V, H), (H, H), (H, V), (H), (V)
  const [B, H] = hidden.shape;
  const TB = inputs.size;
  const xs = embed(Wxh, bh, inputs); // x_t Wxh + bh, (T B, H)
  const hs = [hidden]; // h_0 ... h_T, (B, H) each
  const fused = fusedForward(xs, hidden, Whh); // ((T + 1) B, H)
  if (!fused) {
    const x = rowBlocks(xs, B); // (B, H) each, or (H)
    for (let t = 0; t < x.length; t++) {
      hs[t + 1] = tf.tanh(tf.add<tf.Tensor2D>(x[t], tf.matMul(hs[t], Whh)));
    }
  }
  // Two parts of one tensor, because slices of rows cost less than another concatenation.
  const states = fused ?? tf.concat(hs, 0); // ((T + 1) B, H)
  const after = tf.slice(states, [B, 0], [TB, H]); // h_1 ... h_T, (T B, H)
  const last = fused ? tf.slice(fused, [TB, 0], [B, H]) : hs[TB / B]; // h_T, (B, H)
  const before = tf.slice(states, [0, 0], [TB, H]); // h_0 ... h_{T-1}, (T B, H)
  const logits = tf.add<tf.Tensor2D>(tf.matMul(after, Why), by); // h_t Why + by, (T B, V)
  return { hs, states, before, after, last, logits };
}

/** x_t Wxh + bh, (T B, H): with one-hot x_t, a row of Wxh each. */
function embed(Wxh: tf.Tensor2D, bh: tf.Tensor1D, inputs: tf.Tensor1D): tf.Tensor2D {
  // The bias goes to the rows of the table or to the rows that are picked from it, whichever are fewer.
  return inputs.size < Wxh.shape[0]
    ? tf.add(tf.gather(Wxh, inputs), bh)
    : tf.gather(tf.add<tf.Tensor2D>(Wxh, bh), inputs);
}

/** Softmax cross-entropy of a window. */
export interface Loss {
  /** -Σ_t ln p_t[target_t], nats summed over T and averaged over B; a scalar. */
  loss: tf.Scalar;
  /** dLoss/dy_t = (p_t - onehot(target_t)) / B, (T B, V). */
  dLogits: tf.Tensor2D;
}

/** p_t = softmax(y_t). @param logits y, (T B, V); @param targets (T B) symbol indices; @param batchSize B. */
export function softmaxCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, batchSize: number): Loss {
  const [picked, difference] = fusedSoftmax(logits, targets) ?? pickTargets(logits, targets);
  const loss = mean<tf.Scalar>(tf.neg(tf.sum<tf.Scalar>(logOf(picked))), batchSize);
  const dLogits = mean(difference as tf.Tensor2D, batchSize); // (T B, V)
  return { loss, dLogits };
}

/** p_t[target_t], (T B), and p_t - onehot(target_t), (T B, V). */
function pickTargets(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor[] {
  const ps = tf.softmax(logits); // (T B, V)
  const wanted = oneHot(targets, logits.shape[1]); // (T B, V)
  return [tf.sum(tf.mul(ps, wanted), 1), tf.sub(ps, wanted)];
}

/** -weight_t ln p_t[target_t], (T B): the losses where some predictions do not count. @param weights (T B). */
export function weightedLosses(logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Tensor1D {
  const [picked] = fusedSoftmax(logits, targets) ?? pickTargets(logits, targets);
  return tf.neg(tf.mul<tf.Tensor1D>(logOf(picked), weights));
}

/**
 * Smallest probability whose logarithm is taken, the smallest normal float32: ln 0 would be infinite. So the loss of a
 * character stops at 87.3 nats; its gradient does not. The form that goes on, y_target - max y + ln max p, takes two
 * maxima of each row, which cost 1 to 5 % of a step.
 */
const SMALLEST = 1.2e-38;

function logOf(probabilities: tf.Tensor): tf.Tensor1D {
  return tf.log(tf.maximum<tf.Tensor1D>(probabilities, SMALLEST));
}

/** Row r is 1 at indices[r], float32 (T B, V). */
function oneHot(indices: tf.Tensor1D, vocabularySize: number): tf.Tensor2D {
  return tf.oneHot(indices, vocabularySize, 1, 0, 'float32') as tf.Tensor2D;
}

function mean<T extends tf.Tensor>(sum: T, batchSize: number): T {
  return batchSize === 1 ? sum : tf.mul(sum, 1 / batchSize);
}

/**
 * `forward` in reverse order; each gradient stands below the line that it differentiates. Weights are transposed before
 * they are multiplied with, once a window, because a product that does it by itself does it each time.
 * @param dLogits dLoss/dy_t, (T B, V); @param inputs (T B), the window's symbols.
 * @returns the gradients, shaped as `parameters`, not yet clipped.
 */
export function backward(
  parameters: ParameterTensors,
  { hs, states, before, after, last }: ForwardPass,
  dLogits: tf.Tensor2D,
  inputs: tf.Tensor1D,
): ParameterTensors {
  const { Wxh, Whh, Why } = parameters; // (V, H), (H, H), (H, V)
  // y_t = h_t Why + by
  const dWhy = tf.matMul<tf.Tensor2D>(after, dLogits, true); // (H, V)
  const dby = tf.sum<tf.Tensor1D>(dLogits, 0); // (V)
  const dhs = tf.matMul<tf.Tensor2D>(dLogits, tf.transpose(Why)); // dy_t Whyᵀ, (T B, H)
  // h_t = tanh(raw_t), which goes into y_t and raw_{t+1}
  const WhhT = tf.transpose(Whh); // (H, H)
  let dhRaw = fusedBackward(states, dhs, WhhT); // (T B, H)
  if (!dhRaw) {
    const dhHere = rowBlocks(dhs, last.shape[0]);
    const dhRaws: tf.Tensor2D[] = []; // (B, H) each
    for (let t = dhHere.length - 1; t >= 0; t--) {
      const dhNext = dhRaws[t + 1] && tf.matMul(dhRaws[t + 1], WhhT); // (B, H); none at the end of the window
      const dh = dhNext ? tf.add<tf.Tensor2D>(dhNext, dhHere[t]) : tf.reshape(dhHere[t], last.shape); // (B, H)
      dhRaws[t] = tf.mul(dh, tf.sub(1, tf.square(hs[t + 1])));
    }
    dhRaw = dhRaws.length === 1 ? dhRaws[0] : tf.concat(dhRaws, 0);
  }
  // raw_t = x_t Wxh + bh + h_{t-1} Whh
  const dbh = tf.sum<tf.Tensor1D>(dhRaw, 0); // (H)
  const dWhh = tf.matMul<tf.Tensor2D>(before, dhRaw, true); // (H, H)
  const dWxh = tf.unsortedSegmentSum<tf.Tensor2D>(dhRaw, inputs, Wxh.shape[0]); // (V, H)
  return { Wxh: dWxh, Whh: dWhh, Why: dWhy, bh: dbh, by: dby };
}

/**
 * Cuts (T B, N) into T blocks of B rows; for B = 1 into T vectors (N), which as the vector added to a product cost
 * TensorFlow nothing extra.
 */
function rowBlocks(rows: tf.Tensor2D, B: number): tf.Tensor[] {
  const [TB, N] = rows.shape;
  return tf.unstack(B === 1 ? rows : tf.reshape(rows, [TB / B, B, N]));
}

/** Loss and unclipped gradients of a window. @param batchSize B, which the loss is averaged over. */
export function lossAndGradients(
  parameters: ParameterTensors,
  { hidden, inputs, targets }: WindowTensors,
  batchSize: number,
): GradientTensors {
  const pass = forward(parameters, hidden, inputs);
  const { loss, dLogits } = softmaxCrossEntropy(pass.logits, targets, batchSize);
  return { loss, gradients: backward(parameters, pass, dLogits, inputs), lastHidden: pass.last };
}

/** Clips element by element to [-limit, limit]; 0 leaves the gradient as it is. */
function clip(gradient: tf.Tensor, limit: number): tf.Tensor {
  return limit > 0 ? tf.clipByValue(gradient, -limit, limit) : gradient;
}

/**
 * mem += d²; param -= lr d / sqrt(mem + 1e-8)   (Duchi, Hazan & Singer 2011)
 * `tf.train.adagrad` is another one: its memory starts at 0.1 and its epsilon is 1e-7.
 * @param d a gradient, clipped, shaped as `parameter` and `memory`; @returns the new parameter and memory.
 */
function adagrad(parameter: tf.Tensor, memory: tf.Tensor, d: tf.Tensor, learningRate: tf.Scalar): tf.Tensor[] {
  const fused = fusedAdagrad(parameter, memory, d, learningRate);
  if (fused) return fused;
  const next = tf.add(memory, tf.square(d));
  const step = tf.mul(tf.mul(d, learningRate), tf.rsqrt(tf.add(next, 1e-8)));
  return [tf.sub(parameter, step), next];
}

/**
 * A window read, and each parameter updated once.
 * @param shards parts that the window's streams are cut into;
 * @param units what each unit's weights to the next time step are multiplied by in this window, (H, 1).
 */
export function trainStep(
  config: ModelConfig,
  state: StateTensors,
  inputs: tf.Tensor1D,
  targets: tf.Tensor1D,
  learningRate: tf.Scalar,
  shards: number,
  units?: tf.Tensor2D,
): { loss: tf.Scalar; next: StateTensors } {
  const used = units
    ? { ...state.parameters, Whh: tf.mul<tf.Tensor2D>(state.parameters.Whh, units) }
    : state.parameters;
  const learned = inShards(shards, { hidden: state.hidden, inputs, targets }, (shard) =>
    lossAndGradients(used, shard, config.batchSize),
  );
  return { loss: learned.loss, next: update(config, state, learned, learningRate, units) };
}

/**
 * Each parameter updated once by what a window has given.
 * @param units what Whh was multiplied by, (H, 1): the gradients are those of the product.
 */
export function update(
  { gradClip, weightDecay = 0 }: Pick<ModelConfig, 'gradClip' | 'weightDecay'>,
  { parameters, memories }: StateTensors,
  { gradients, lastHidden }: Pick<GradientTensors, 'gradients' | 'lastHidden'>,
  learningRate: tf.Scalar,
  units?: tf.Tensor2D,
): StateTensors {
  const ds = units ? { ...gradients, Whh: tf.mul(gradients.Whh, units) } : gradients; // used.Whh = Whh units
  const kept = weightDecay > 0 ? tf.sub(1, tf.mul(learningRate, weightDecay)) : undefined;
  const updated = PARAMETER_NAMES.map((name) => {
    const parameter = kept && DECAYED.has(name) ? tf.mul(parameters[name], kept) : parameters[name];
    return adagrad(parameter, memories[name], clip(ds[name], gradClip), learningRate);
  });
  return {
    parameters: parametersOf(updated.map(([parameter]) => parameter)),
    memories: parametersOf(updated.map(([, memory]) => memory)),
    hidden: lastHidden,
  };
}
