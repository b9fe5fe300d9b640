import type { KernelBackend } from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.js';
import type { Runtime, RuntimeLoader } from '../runtime.js';
import type { WasmBackend } from './wasm-backend.js';

/** TensorFlow.js on WebAssembly: no native library, prebuilt inside its npm package. */
export const loadWasm: RuntimeLoader = async ({ compile }) => {
  try {
    const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
    const { wasmInstance } = await import('./instance.js');
    return await describeRuntime(version, compile, await wasmInstance());
  } catch (error) {
    return { backend: 'wasm', reason: `${messageOf(error)}; reinstall with npm ci` };
  }
};

async function describeRuntime(version: string, compile: boolean, instance: KernelBackend): Promise<Runtime> {
  const { TensorModel } = await import('../../model/tensor/tensor-model.js');
  const { TensorSamplingModel } = await import('../../model/tensor/tensor-sampling-model.js');
  const { opByOp } = await import('../../model/tensor/compile.js');
  const { registerKernels } = await import('./kernels/register.js');
  const { traceWasm } = await import('./trace.js');
  const { missingInternals, refuseWhenFull } = await import('./wasm-backend.js');
  const { tensorBackend } = await import('../active-backend.js');
  const backend = instance as unknown as WasmBackend;
  const missing = missingInternals(backend);
  if (missing.length > 0) throw new Error(`TensorFlow.js ${version} lacks ${missing.join(', ')}`);
  refuseWhenFull(backend.wasm);
  registerKernels();
  const on = tensorBackend('wasm', compile ? traceWasm : opByOp);
  return {
    backend: 'wasm',
    description: `TensorFlow.js ${version} on WebAssembly, ${compile ? 'recorded' : 'op by op'}`,
    version,
    createModel: (config, state) => new TensorModel(on, config, state),
    createSamplingModel: (size, parameters, hidden) => new TensorSamplingModel(size, parameters, hidden, on),
  };
}
