/**
 * `min-char-rnn/tensorflow`: native TensorFlow for functions of one's own, and what sets it up. Its types are those of
 * `@tensorflow/tfjs-core`.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import { isUnavailable } from './backends/runtime.js';
import { loadTensorflow } from './backends/tensorflow/load.js';
import { UserError } from './errors.js';
import type { Compile } from './model/tensor/compile.js';

export type { Compile, Compiled, TensorFunction } from './model/tensor/compile.js';
export type { NativeInstallation } from './native/install.js';
export type { ProgressReporter, SetupProgress, SetupStep } from './native/progress.js';
export { setupNative, type SetupOptions } from './native/setup.js';
export { type NativeStatus, nativeStatus } from './native/status.js';
export type { NativeDevice } from './native/variants.js';

/** How TensorFlow is to compute; it reads this once a process, when it is loaded first. */
export interface TensorflowOptions {
  /** `cpu`, the default; `gpu`, a card with CUDA; `auto`, a card where there is one. */
  readonly device?: 'cpu' | 'gpu' | 'auto' | undefined;
  /** Threads inside an op; by default 1. */
  readonly threads?: number | undefined;
}

/** TensorFlow.js on native TensorFlow, and what makes one graph of a function. */
export interface Tensorflow {
  readonly tf: typeof tfjs;
  /**
   * Runs a function of tensors once and records its ops as one TensorFlow graph, to be run for tensors of the examples'
   * shapes. @throws Error saying what to do for a function that reads values, keeps tensors or assigns to variables.
   */
  readonly trace: Compile;
}

/**
 * Loads native TensorFlow and makes it the active backend of TensorFlow.js, for all of the process.
 * @throws UserError where it cannot run here, with what to do.
 */
export async function tensorflow({ device, threads }: TensorflowOptions = {}): Promise<Tensorflow> {
  const loaded = await loadTensorflow({ compile: true, device, threads });
  if (isUnavailable(loaded)) throw new UserError(`native TensorFlow must run on this machine, but ${loaded.reason}`);
  const tf = await import('@tensorflow/tfjs-core');
  const { trace } = await import('./backends/tensorflow/trace.js');
  await tf.setBackend('tensorflow');
  return { tf, trace };
}
