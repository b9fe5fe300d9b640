import * as tf from '@tensorflow/tfjs-core';
import { FUSED_ADAGRAD, FUSED_RECURRENCE, FUSED_RECURRENCE_BACKWARD } from '../../../model/tensor/fused.js';
import { fusedAdagrad } from './adagrad.js';
import { fusedRecurrence, fusedRecurrenceBackward } from './recurrence.js';
import { unsortedSegmentSum } from './segment-sum.js';

const KERNELS: Readonly<Record<string, tf.KernelFunc>> = {
  [FUSED_RECURRENCE]: fusedRecurrence,
  [FUSED_RECURRENCE_BACKWARD]: fusedRecurrenceBackward,
  [FUSED_ADAGRAD]: fusedAdagrad,
};

/** Puts this project's kernels in the place of many small ones, or takes them away again. */
export function useFusedKernels(wanted: boolean): void {
  for (const [kernelName, kernelFunc] of Object.entries(KERNELS)) {
    const known = tf.getKernel(kernelName, 'webgpu') !== undefined;
    if (known && !wanted) tf.unregisterKernel(kernelName, 'webgpu');
    if (wanted && !known) tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
  }
}

/** Puts a kernel in the place of TensorFlow.js's own whose result differs from run to run. */
export function replaceUnsteadyKernels(): void {
  const kernelName = tf.UnsortedSegmentSum;
  if (tf.getKernel(kernelName, 'webgpu')) tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc: unsortedSegmentSum });
}
