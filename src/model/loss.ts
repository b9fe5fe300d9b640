import * as tf from '@tensorflow/tfjs-core';

/** Softmax cross-entropy of a window. */
export interface Loss {
  /** -Σ_t ln p_t[target_t], nats summed over T and averaged over B; a scalar. */
  loss: tf.Scalar;
  /** dLoss/dLogits = (p - onehot(target)) / B, (T B, V). */
  dLogits: tf.Tensor2D;
}

/**
 * @param logits (T B, V); @param targets (T B) symbol indices; @param batchSize B.
 * The logarithm of the softmax is taken in one piece, so that a vanishing probability cannot become ln 0.
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, batchSize: number): Loss {
  const logProbabilities = tf.logSoftmax(logits);
  const wanted = oneHot(targets, logits.shape[1]);
  const loss = mean(tf.neg(tf.sum<tf.Scalar>(tf.mul(logProbabilities, wanted))), batchSize);
  const dLogits = mean(tf.sub<tf.Tensor2D>(tf.exp(logProbabilities), wanted), batchSize);
  return { loss, dLogits };
}

/** -Σ weight ln p[target] over all rows; a scalar. @param weights (T B). */
export function weightedLoss(logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  const wanted = tf.sum(tf.mul(tf.logSoftmax(logits), oneHot(targets, logits.shape[1])), 1);
  return tf.neg(tf.sum<tf.Scalar>(tf.mul(wanted, weights)));
}

/** Row r is 1 at indices[r], float32 (rows, V). */
export function oneHot(indices: tf.Tensor1D, vocabularySize: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(indices, vocabularySize), 'float32') as tf.Tensor2D;
}

function mean<T extends tf.Tensor>(sum: T, batchSize: number): T {
  return batchSize === 1 ? sum : tf.mul(sum, 1 / batchSize);
}
