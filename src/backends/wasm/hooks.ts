import * as tf from '@tensorflow/tfjs-core';
import { listenToWork, type WorkListener } from './kernels/kernel.js';
import type { WasmBackend, Wrapped } from './wasm-backend.js';

/** The result of a kernel. */
export type KernelResult = ReturnType<tf.KernelFunc>;

/** What is reported while a function runs. */
export interface BackendEvents {
  /** A kernel is called; it must be run, with these inputs or others. */
  kernel(
    name: string,
    call: { inputs: tf.NamedTensorInfoMap; attrs?: tf.NamedAttrMap },
    run: (inputs: tf.NamedTensorInfoMap) => KernelResult,
  ): KernelResult;
  /** A tensor has got its memory; with values where it was not made by a kernel. */
  made(dataId: object, tensor: { shape: number[]; dtype: tf.DataType; hasValues: boolean }): void;
  /** A compiled function is about to be called. */
  called(name: string, returnType: string | null, parameters: readonly unknown[]): void;
  /** Our kernels have worked on wasm memory. */
  worked: WorkListener;
  /** Values are about to be read, by a kernel or by the function itself. */
  reading(): void;
}

/** Reports everything that happens on the wasm backend to `events`, which may throw. @returns what undoes it. */
export function hookBackend(backend: WasmBackend, events: BackendEvents): () => void {
  const undo = [hookKernels(backend, events), hookMemory(backend, events)];
  listenToWork(events.worked);
  return () => {
    listenToWork(undefined);
    undo.forEach((each) => each());
  };
}

/**
 * Kernels get their compiled functions from `cwrap` when they are set up: they are set up again with one that reports,
 * and at the end with the original.
 */
function hookKernels(backend: WasmBackend, events: BackendEvents): () => void {
  const { wasm } = backend;
  const cwrap = wasm.cwrap;
  const configs = tf.getKernelsForBackend('wasm');
  const originals = configs.map(({ kernelFunc }) => kernelFunc);
  const setUp = () => configs.forEach(({ setupFunc }) => setupFunc?.(backend));
  wasm.cwrap = (name, returnType, types) => {
    const wrapped = cwrap(name, returnType, types);
    const reporting: Wrapped = (...parameters) => {
      events.called(name, returnType, parameters);
      return wrapped(...parameters);
    };
    return reporting;
  };
  setUp();
  for (const config of configs) {
    const { kernelName, kernelFunc } = config;
    config.kernelFunc = (call) => events.kernel(kernelName, call, (inputs) => kernelFunc({ ...call, inputs }));
  }
  return () => {
    wasm.cwrap = cwrap;
    setUp();
    configs.forEach((config, i) => (config.kernelFunc = originals[i]));
  };
}

function hookMemory(backend: WasmBackend, events: BackendEvents): () => void {
  const move = backend.move.bind(backend);
  const readSync = backend.readSync.bind(backend);
  const typedArrayFromHeap = backend.typedArrayFromHeap.bind(backend);
  backend.move = (dataId, values, shape, dtype, references) => {
    move(dataId, values, shape, dtype, references);
    events.made(dataId, { shape, dtype, hasValues: values !== null && values !== undefined });
  };
  backend.readSync = (dataId) => {
    events.reading();
    return readSync(dataId);
  };
  backend.typedArrayFromHeap = (tensor) => {
    events.reading();
    return typedArrayFromHeap(tensor);
  };
  return () => ['move', 'readSync', 'typedArrayFromHeap'].forEach((name) => Reflect.deleteProperty(backend, name));
}
