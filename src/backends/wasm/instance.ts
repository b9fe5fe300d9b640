import * as tf from '@tensorflow/tfjs-core';
import { otherLoading, readyBackend, setUpKernels } from '../active-backend.js';
import { withoutListeners } from './listeners.js';

/** As TensorFlow.js registers it. */
const PRIORITY = 2;

let instance: Promise<tf.KernelBackend> | undefined;

/**
 * The one instance of the wasm backend, whose package is imported, in this process: the host program's where it has loaded
 * one. Its kernels are set up, and the active backend stays what it is. From then on TensorFlow.js can switch to it without waiting.
 */
export function wasmInstance(): Promise<tf.KernelBackend> {
  instance ??= load().catch((error: unknown) => {
    instance = undefined;
    throw error;
  });
  return instance;
}

async function load(): Promise<tf.KernelBackend> {
  await otherLoading();
  const backend = readyBackend('wasm') ?? (await create());
  setUpKernels('wasm', backend);
  return backend;
}

async function create(): Promise<tf.KernelBackend> {
  const factory = tf.findBackendFactory('wasm');
  let ready: tf.KernelBackend | undefined;
  const creating = withoutListeners(factory as () => Promise<tf.KernelBackend>);
  // Whoever asks TensorFlow.js for it gets the same one, meanwhile too.
  register(() => ready ?? creating);
  try {
    ready = await creating;
  } catch (error) {
    register(factory);
    throw error;
  }
  return tf.findBackend('wasm');
}

function register(factory: () => tf.KernelBackend | Promise<tf.KernelBackend>): void {
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, PRIORITY);
}
