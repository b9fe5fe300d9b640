import * as tf from '@tensorflow/tfjs-core';
import {
  FUSED_GENERATION,
  FUSED_RECURRENCE,
  FUSED_RECURRENCE_BACKWARD,
  FUSED_SOFTMAX,
} from '../../../model/tensor/fused.js';
import type { WasmBackend } from '../wasm-backend.js';
import { add } from './add.js';
import { concat, identity, pack, slice, splitV, unpack } from './copies.js';
import { rsqrt, tanh } from './elementwise.js';
import { gather } from './gather.js';
import { fusedGeneration } from './generation.js';
import type { Kernel } from './kernel.js';
import { batchMatMul } from './matmul.js';
import { fusedRecurrence, fusedRecurrenceBackward } from './recurrence.js';
import { unsortedSegmentSum } from './segment-sum.js';
import { fusedSoftmax } from './softmax-loss.js';
import { sum } from './sum.js';
import { transpose } from './transpose.js';
import { cast, fill, oneHot, onesLike, zerosLike } from './values.js';

/** Kernels that tfjs does in JavaScript, which a recording would not see, and kernels that are slow there, wrong or missing. */
const KERNELS: readonly (readonly [string, Kernel])[] = [
  [tf.Add, add],
  [tf.BatchMatMul, batchMatMul],
  [tf.Cast, cast],
  [tf.Concat, concat],
  [tf.Fill, fill],
  [tf.GatherV2, gather],
  [tf.Identity, identity],
  [tf.OneHot, oneHot],
  [tf.OnesLike, onesLike],
  [tf.Pack, pack],
  [tf.Rsqrt, rsqrt],
  [tf.Slice, slice],
  [tf.SplitV, splitV],
  [tf.Sum, sum],
  [tf.Tanh, tanh],
  [tf.Transpose, transpose],
  [tf.Unpack, unpack],
  [tf.UnsortedSegmentSum, unsortedSegmentSum],
  [tf.ZerosLike, zerosLike],
  [FUSED_GENERATION, fusedGeneration],
  [FUSED_RECURRENCE, fusedRecurrence],
  [FUSED_RECURRENCE_BACKWARD, fusedRecurrenceBackward],
  [FUSED_SOFTMAX, fusedSoftmax],
];

let registered = false;

/** Puts our kernels in the place of tfjs's own on the wasm backend, once for the process. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, kernel] of KERNELS) {
    const stock = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined;
    if (stock) tf.unregisterKernel(kernelName, 'wasm');
    const kernelFunc = replacing(stock?.kernelFunc ?? (() => lacking(kernelName)), kernel);
    tf.registerKernel({ kernelName, backendName: 'wasm', ...stock, kernelFunc });
  }
}

function lacking(kernelName: string): never {
  throw new Error(`tfjs's wasm backend has no kernel ${kernelName}`);
}

function replacing(stock: tf.KernelFunc, kernel: Kernel): tf.KernelFunc {
  return (call) => {
    const { inputs, attrs = {} } = call;
    const backend = call.backend as WasmBackend;
    return kernel({ backend, inputs: inputs as Record<string, tf.TensorInfo>, attrs, stock: () => stock(call) });
  };
}
