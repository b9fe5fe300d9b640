import * as tf from '@tensorflow/tfjs-core';
import type { Compile, RunOn, TensorBackend } from '../model/tensor/compile.js';
import type { BackendName } from '../options/choices.js';

/** The part of TensorFlow.js's engine that says what computes: every op looks it up. */
interface Engine {
  backendName: string | undefined;
  backendInstance: tf.KernelBackend | null;
  pendingBackendInit: Promise<boolean> | null | undefined;
  /** The backends that are ready. */
  readonly registry: Readonly<Record<string, tf.KernelBackend | undefined>>;
}

const engine = (): Engine => tf.engine() as unknown as Engine;

/** The instance of a backend that is ready: this program's, or one that the host program has loaded. */
export function readyBackend(name: string): tf.KernelBackend | undefined {
  return engine().registry[name];
}

/** Prepares all kernels of a backend that nothing has activated: `tf.setBackend` would do it each time. */
export function setUpKernels(name: BackendName, backend: tf.KernelBackend): void {
  for (const { setupFunc } of tf.getKernelsForBackend(name)) setupFunc?.(backend);
}

/** A backend that is ready, as models compute on it. @throws Error for one that is not. */
export function tensorBackend(name: BackendName, compile: Compile): TensorBackend {
  const instance = readyBackend(name);
  if (!instance) throw new Error(`the backend ${name} must be loaded before models are made on it`);
  return { name, compile, run: runOn(name, instance) };
}

/** Ends when no backend is being loaded by the host program. */
export async function otherLoading(): Promise<void> {
  await engine().pendingBackendInit;
}

/**
 * Makes a backend the one that ops compute on, each time for as long as a piece of work takes. Afterwards the one of
 * before is active again, whether the host program's or another model's: so any number of models on any backends take
 * turns. `tf.setBackend` would set up all kernels each time, and may have to be awaited.
 * @param instance ready, with its kernels set up. @param prepare sets what else belongs to the backend, each time.
 * @throws Error where this version of TensorFlow.js is not switched by this.
 */
export function runOn(name: string, instance: tf.KernelBackend, prepare?: () => void): RunOn {
  const target = engine();
  const run: RunOn = (work) => {
    prepare?.();
    const { backendName, backendInstance, pendingBackendInit } = target;
    if (backendInstance === instance) return work();
    activate(target, name, instance, null);
    try {
      return work();
    } finally {
      activate(target, backendName, backendInstance, pendingBackendInit);
    }
  };
  if (run(() => tf.getBackend() === name && tf.backend() === instance)) return run;
  throw new Error(`TensorFlow.js ${tf.version_core} lacks engine.backendName or engine.backendInstance`);
}

function activate(
  target: Engine,
  name: string | undefined,
  instance: tf.KernelBackend | null,
  pending: Engine['pendingBackendInit'],
): void {
  target.backendName = name;
  target.backendInstance = instance;
  target.pendingBackendInit = pending;
}
