import { createRequire } from 'node:module';
import util from 'node:util';
import type * as tfjs from '@tensorflow/tfjs-core';
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
 * @returns it, ready; what is active stays so.
 */
export async function registerTensorflow(binding: string): Promise<KernelBackend> {
  const tf = await import('@tensorflow/tfjs-core');
  if (!tf.findBackendFactory('tensorflow')) register(tf, binding);
  const backend = tf.findBackend('tensorflow') as KernelBackend | null;
  if (!backend) throw new Error('TensorFlow.js refused the tensorflow backend');
  const { setUpKernels } = await import('../active-backend.js');
  setUpKernels('tensorflow', backend);
  return backend;
}

function register(tf: typeof tfjs, binding: string): void {
  restoreRemovedUtilities();
  // Required, not imported: import would first search the module for names of exports.
  const load = createRequire(import.meta.url);
  const { NodeJSKernelBackend } = withoutGlobal('proto', () => load(tfjsNodeModule()) as TfjsNode);
  const native: unknown = load(binding);
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(native, '@tensorflow/tfjs-node'), PRIORITY);
}

/** tfjs-node's reader of saved models, which is not used here, leaves a global variable behind. */
function withoutGlobal<Result>(name: string, load: () => Result): Result {
  const isOfHost = name in globalThis;
  const result = load();
  if (!isOfHost) Reflect.deleteProperty(globalThis, name);
  return result;
}

/** tfjs-node 4.22.0 calls two functions of node:util that Node 23 and newer no longer have. */
function restoreRemovedUtilities(): void {
  const utilities: object = util;
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  };
  for (const [name, value] of Object.entries(removed)) if (!(name in utilities)) Reflect.set(utilities, name, value);
}
