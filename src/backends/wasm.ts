import { messageOf } from '../errors.js';
import type { RuntimeLoader } from './runtime.js';

/** TensorFlow.js on WebAssembly: no native library, prebuilt inside its npm package. */
export const loadWasm: RuntimeLoader = async () => {
  try {
    const tf = await import('@tensorflow/tfjs-core');
    const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js refused the wasm backend');
    const { TensorEngine } = await import('../model/engine.js');
    const { TensorSymbolModel } = await import('../model/symbol-model.js');
    const { opByOp } = await import('./compile.js');
    return {
      backend: 'wasm',
      description: `TensorFlow.js ${version} on WebAssembly`,
      version,
      createEngine: (config, state) => new TensorEngine('wasm', config, state, opByOp),
      createSymbolModel: (size, parameters, hidden) => new TensorSymbolModel(size, parameters, hidden, opByOp),
    };
  } catch (error) {
    return { backend: 'wasm', reason: `${messageOf(error)}; reinstall with npm ci` };
  }
};
