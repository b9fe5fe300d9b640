import { messageOf } from '../../errors.js';
import type { Runtime, RuntimeLoader } from '../runtime.js';

/** TensorFlow.js on WebAssembly: no native library, prebuilt inside its npm package. */
export const loadWasm: RuntimeLoader = async ({ compile }) => {
  try {
    const tf = await import('@tensorflow/tfjs-core');
    const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js refused the wasm backend');
    return await describeRuntime(version, compile);
  } catch (error) {
    return { backend: 'wasm', reason: `${messageOf(error)}; reinstall with npm ci` };
  }
};

async function describeRuntime(version: string, compile: boolean): Promise<Runtime> {
  const { TensorModel } = await import('../../model/tensor/tensor-model.js');
  const { TensorSamplingModel } = await import('../../model/tensor/tensor-sampling-model.js');
  const { opByOp } = await import('../../model/tensor/compile.js');
  const { registerKernels } = await import('./kernels/register.js');
  const { traceWasm } = await import('./trace.js');
  const { missingInternals, refuseWhenFull, wasmBackend } = await import('./wasm-backend.js');
  const missing = missingInternals(wasmBackend());
  if (missing.length > 0) throw new Error(`TensorFlow.js ${version} lacks ${missing.join(', ')}`);
  refuseWhenFull(wasmBackend().wasm);
  registerKernels();
  const prepare = compile ? traceWasm : opByOp;
  return {
    backend: 'wasm',
    description: `TensorFlow.js ${version} on WebAssembly, ${compile ? 'recorded' : 'op by op'}`,
    version,
    createModel: (config, state) => new TensorModel('wasm', config, state, prepare),
    createSamplingModel: (size, parameters, hidden) => new TensorSamplingModel(size, parameters, hidden, prepare),
  };
}
