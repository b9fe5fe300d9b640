import * as tf from '@tensorflow/tfjs-core';

/** Softmax cross-entropy of a window. */
export interface Loss {
  /** -Σ_t ln p_t[target_t], nats summed over T and averaged over B; a scalar. */
  loss: tf.Scalar;
  /** dLoss/dLogits = (p - onehot(target)) / B, (T B, V). */
  dLogits: tf.Tensor2D;
}

/** Smallest probability whose logarithm is taken, the smallest normal float32: ln 0 would be infinite. */
const SMALLEST = 1.2e-38;

/** @param logits (T B, V); @param targets (T B) symbol indices; @param batchSize B. */
export function softmaxCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, batchSize: number): Loss {
  const probabilities = tf.softmax(logits);
  const wanted = oneHot(targets, logits.shape[1]);
  const loss = mean<tf.Scalar>(tf.neg(tf.sum<tf.Scalar>(logTargets(probabilities, wanted))), batchSize);
  const dLogits = mean<tf.Tensor2D>(tf.sub(probabilities, wanted), batchSize);
  return { loss, dLogits };
}

/** -Σ weight ln p[target] over all rows; a scalar. @param weights (T B). */
export function weightedLoss(logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  const losses = logTargets(tf.softmax(logits), oneHot(targets, logits.shape[1]));
  return tf.neg(tf.sum<tf.Scalar>(tf.mul(losses, weights)));
}

/** ln p[target] of each row, (rows). @param wanted one-hot targets (rows, V). */
function logTargets(probabilities: tf.Tensor2D, wanted: tf.Tensor2D): tf.Tensor1D {
  return tf.log(tf.maximum<tf.Tensor1D>(tf.sum(tf.mul(probabilities, wanted), 1), SMALLEST));
}

/** Row r is 1 at indices[r], float32 (rows, V). */
export function oneHot(indices: tf.Tensor1D, vocabularySize: number): tf.Tensor2D {
  return tf.oneHot(indices, vocabularySize, 1, 0, 'float32') as tf.Tensor2D;
}

function mean<T extends tf.Tensor>(sum: T, batchSize: number): T {
  return batchSize === 1 ? sum : tf.mul(sum, 1 / batchSize);
}
