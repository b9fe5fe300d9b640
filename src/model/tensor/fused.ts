import * as tf from '@tensorflow/tfjs-core';

/** Kernel of a backend that computes all T steps: {steps (T B, H), hidden (B, H), Whh (H, H)} → h_0 ... h_T, ((T + 1) B, H). */
export const FUSED_RECURRENCE = 'FusedRecurrence';

/** Kernel beside it: {states h_0 ... h_T ((T + 1) B, H), dHiddens (T B, H), WhhT (H, H)} → dhRaw (T B, H). */
export const FUSED_RECURRENCE_BACKWARD = 'FusedRecurrenceBackward';

/**
 * Kernel of a backend that generates N symbols: {inputs (V, H), Whh (H, H), Why (H, V), by (V), hidden (1, H), start (1),
 * draws (N)} → [h_1 ... h_N (N, H), symbols (N)].
 */
export const FUSED_GENERATION = 'FusedGeneration';

/**
 * Kernel of a backend: {logits (N, V), targets (N)} → [p[target] of p = softmax(logits) (N), p - onehot(target) (N, V)].
 */
export const FUSED_SOFTMAX = 'FusedSoftmax';

/** Kernel of a backend that updates at once: {parameter, memory, gradient, learningRate} → [parameter, memory]. */
export const FUSED_ADAGRAD = 'FusedAdagrad';

/** Sizes that the kernels take. A WebGPU device has 16 KiB of workgroup memory, two rows of H, and 65,535 workgroups. */
const FUSED_AT_MOST = { hiddenSize: 2048, batchSize: 65_535 };

/**
 * The loop of `forward` in one kernel: h_t = tanh(x_t + h_{t-1} Whh) for t = 1 ... T.
 * @param steps x_1 ... x_T, (T B, H); @param hidden h_0, (B, H); @returns h_0 ... h_T, ((T + 1) B, H), or undefined where
 * the active backend has no such kernel for these sizes.
 */
export function fusedForward(steps: tf.Tensor2D, hidden: tf.Tensor2D, Whh: tf.Tensor2D): tf.Tensor2D | undefined {
  if (!fits(hidden.shape)) return undefined;
  return run(FUSED_RECURRENCE, { steps, hidden, Whh });
}

/**
 * The loop of `backward` in one kernel: dhRaw_t = (1 - h_t²) (dh_t + dhRaw_{t+1} Whhᵀ) for t = T ... 1.
 * @param states h_0 ... h_T, ((T + 1) B, H); @param dHiddens dh_t as the logits ask for it, (T B, H);
 * @returns dhRaw, (T B, H), or undefined exactly where `fusedForward` gives it.
 */
export function fusedBackward(states: tf.Tensor2D, dHiddens: tf.Tensor2D, WhhT: tf.Tensor2D): tf.Tensor2D | undefined {
  const [TB, H] = dHiddens.shape;
  if (!fits([states.shape[0] - TB, H])) return undefined;
  return run(FUSED_RECURRENCE_BACKWARD, { states, dHiddens, WhhT });
}

/** `adagrad` in one kernel: the new parameter and memory, or undefined where the active backend has none. */
export function fusedAdagrad(
  parameter: tf.Tensor,
  memory: tf.Tensor,
  gradient: tf.Tensor,
  learningRate: tf.Scalar,
): tf.Tensor[] | undefined {
  return run(FUSED_ADAGRAD, { parameter, memory, gradient, learningRate });
}

/**
 * Softmax and what cross-entropy needs of it in one kernel. @param logits (N, V); @param targets (N), symbol indices;
 * @returns p[target] (N) and p - onehot(target) (N, V), or undefined where the active backend has no such kernel.
 */
export function fusedSoftmax(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor[] | undefined {
  return run(FUSED_SOFTMAX, { logits, targets });
}

/**
 * Generation in one kernel: h_n = tanh(inputs[symbol_{n-1}] + h_{n-1} Whh), symbol_n the first place at which the sum of
 * softmax(h_n Why + by) exceeds draws_n, from symbol_0 = start.
 * @returns h_1 ... h_N (N, H) and the symbols (N), or undefined where the active backend has no such kernel.
 */
export function fusedGeneration(given: {
  inputs: tf.Tensor2D;
  Whh: tf.Tensor2D;
  Why: tf.Tensor2D;
  by: tf.Tensor1D;
  hidden: tf.Tensor2D;
  start: tf.Tensor1D;
  draws: tf.Tensor1D;
}): tf.Tensor[] | undefined {
  return run(FUSED_GENERATION, given);
}

function fits([B, H]: readonly number[]): boolean {
  return H <= FUSED_AT_MOST.hiddenSize && B <= FUSED_AT_MOST.batchSize;
}

function run<Result extends tf.Tensor | tf.Tensor[]>(kernel: string, inputs: tf.NamedTensorMap): Result | undefined {
  return tf.getKernel(kernel, tf.getBackend()) ? tf.engine().runKernel<Result>(kernel, inputs) : undefined;
}
