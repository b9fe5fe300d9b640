import * as tf from '@tensorflow/tfjs-core';

/** A parameter and its Adagrad memory after one update. */
export interface Updated {
  parameter: tf.Tensor;
  memory: tf.Tensor;
}

/** Kernel of a backend that does it at once: {parameter, memory, gradient, learningRate} → [parameter, memory]. */
export const FUSED_ADAGRAD = 'FusedAdagrad';

/**
 * mem += d²; param -= lr d / sqrt(mem + 1e-8)   (Duchi, Hazan & Singer 2011)
 * State in, state out. `tf.train.adagrad` is another one: its memory starts at 0.1 and its epsilon is 1e-7.
 * @param gradient d, already clipped; @param learningRate a scalar.
 */
export function adagrad(
  parameter: tf.Tensor,
  memory: tf.Tensor,
  gradient: tf.Tensor,
  learningRate: tf.Scalar,
): Updated {
  if (tf.getKernel(FUSED_ADAGRAD, tf.getBackend())) {
    const inputs = { parameter, memory, gradient, learningRate };
    const [updated, updatedMemory] = tf.engine().runKernel<tf.Tensor[]>(FUSED_ADAGRAD, inputs);
    return { parameter: updated, memory: updatedMemory };
  }
  const next = tf.add(memory, tf.square(gradient));
  const step = tf.mul(tf.mul(gradient, learningRate), tf.rsqrt(tf.add(next, 1e-8)));
  return { parameter: tf.sub(parameter, step), memory: next };
}
