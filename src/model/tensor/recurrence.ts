import * as tf from '@tensorflow/tfjs-core';

/** A window's hidden states, and the way back through them. B streams, T time steps, H hidden units. */
export interface Recurrence {
  /** h_1 ... h_T one below the other, (T B, H). */
  stacked: tf.Tensor2D;
  /** h_T, (B, H). */
  last: tf.Tensor2D;
  /** h_0 ... h_{T-1} one below the other, (T B, H). */
  previous: tf.Tensor2D;
  /**
   * dRaw_t = (1 - h_t²) (dHidden_t + dNext), dNext = dRaw_{t+1} Whhᵀ, for t = T ... 1.
   * @param dHiddens what the logits ask of each h_t, (T B, H); @returns dRaw, (T B, H).
   */
  backward(dHiddens: tf.Tensor2D): tf.Tensor2D;
}

/**
 * h_t = tanh(x_t + h_{t-1} Whh) for t = 1 ... T: in one kernel where the active backend has `FUSED_RECURRENCE`, else
 * step by step.
 * @param steps x_1 ... x_T one below the other, (T B, H); @param hidden h_0, (B, H).
 */
export function recurrence(steps: tf.Tensor2D, hidden: tf.Tensor2D, Whh: tf.Tensor2D): Recurrence {
  const [B, H] = hidden.shape;
  const fits = H <= FUSED_AT_MOST.hiddenSize && B <= FUSED_AT_MOST.batchSize;
  return fits && tf.getKernel(FUSED_RECURRENCE, tf.getBackend())
    ? fusedRecurrence(steps, hidden, Whh)
    : stepwiseRecurrence(steps, hidden, Whh);
}

/** Kernel of a backend that computes all T steps: {steps (T B, H), hidden (B, H), Whh (H, H)} → h_0 ... h_T, ((T + 1) B, H). */
export const FUSED_RECURRENCE = 'FusedRecurrence';

/** Kernel beside it: {states h_0 ... h_T ((T + 1) B, H), dHiddens (T B, H), WhhT (H, H)} → dRaw (T B, H). */
export const FUSED_RECURRENCE_BACKWARD = 'FusedRecurrenceBackward';

/** Sizes that the kernels take. A WebGPU device has 16 KiB of workgroup memory, two rows of H, and 65,535 workgroups. */
const FUSED_AT_MOST = { hiddenSize: 2048, batchSize: 65_535 };

function fusedRecurrence(steps: tf.Tensor2D, hidden: tf.Tensor2D, Whh: tf.Tensor2D): Recurrence {
  const [TB, H] = steps.shape;
  const [B] = hidden.shape;
  const run = (kernel: string, inputs: tf.NamedTensorMap) => tf.engine().runKernel<tf.Tensor2D>(kernel, inputs);
  const states = run(FUSED_RECURRENCE, { steps, hidden, Whh });
  return {
    stacked: tf.slice(states, [B, 0], [TB, H]),
    last: tf.slice(states, [TB, 0], [B, H]),
    previous: tf.slice(states, [0, 0], [TB, H]),
    backward: (dHiddens) => run(FUSED_RECURRENCE_BACKWARD, { states, dHiddens, WhhT: tf.transpose(Whh) }),
  };
}

function stepwiseRecurrence(steps: tf.Tensor2D, hidden: tf.Tensor2D, Whh: tf.Tensor2D): Recurrence {
  const hiddens = [hidden];
  for (const step of rowBlocks(steps, hidden.shape[0])) {
    const previous = hiddens[hiddens.length - 1];
    hiddens.push(tf.tanh(tf.add<tf.Tensor2D>(step, tf.matMul(previous, Whh))));
  }
  // Two parts of one tensor, because slices of rows cost less than another stack.
  const states = stack(hiddens);
  const [B] = hidden.shape;
  return {
    stacked: tf.slice(states, [B, 0], steps.shape),
    last: hiddens[hiddens.length - 1],
    previous: tf.slice(states, [0, 0], steps.shape),
    backward: (dHiddens) => stepwiseBackward(Whh, hiddens, dHiddens),
  };
}

function stepwiseBackward(Whh: tf.Tensor2D, hiddens: tf.Tensor2D[], dHiddens: tf.Tensor2D): tf.Tensor2D {
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

/**
 * Cuts (T B, N) into T blocks of B rows; for B = 1 into T vectors (N), which as the vector added to a product cost
 * TensorFlow nothing extra.
 */
function rowBlocks(rows: tf.Tensor2D, B: number): tf.Tensor[] {
  const [TB, N] = rows.shape;
  return tf.unstack(B === 1 ? rows : tf.reshape(rows, [TB / B, B, N]));
}

/** Blocks of rows one below the other. */
function stack(blocks: tf.Tensor2D[]): tf.Tensor2D {
  return blocks.length === 1 ? blocks[0] : tf.concat(blocks, 0);
}
