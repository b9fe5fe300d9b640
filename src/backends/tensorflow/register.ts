import { createRequire } from 'node:module';
import util from 'node:util';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { tfjsNodeModule } from '../../native/carried.js';

/** What tfjs-node's module exports: a backend of TensorFlow.js that computes through a binding. */
interface TfjsNode {
  NodeJSKernelBackend: new (binding: unknown, packageName: string) => KernelBackend;
}

/** Above TensorFlow.js's own backends, as in tfjs-node. */
const PRIORITY = 3;

/**
 * Registers tfjs-node's backend, which computes through this binding, with TensorFlow.js. One that is registered already
 * stays: this program's from the last time, or that of a host program which has loaded a tfjs-node of its own.
 */
export async function registerTensorflow(binding: string): Promise<void> {
  const tf = await import('@tensorflow/tfjs-core');
  if (tf.findBackendFactory('tensorflow')) return;
  restoreRemovedUtilities();
  // Required, not imported: import would first search the module for names of exports.
  const load = createRequire(import.meta.url);
  const { NodeJSKernelBackend } = load(tfjsNodeModule()) as TfjsNode;
  const native: unknown = load(binding);
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(native, '@tensorflow/tfjs-node'), PRIORITY);
}

/** tfjs-node 4.22.0 calls two functions of node:util that newer versions of Node no longer have. */
function restoreRemovedUtilities(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  });
}
