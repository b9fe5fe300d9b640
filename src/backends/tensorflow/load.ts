import util from 'node:util';
import { messageOf } from '../../errors.js';
import type { Runtime, RuntimeLoader } from '../runtime.js';
import { applySettings, chooseSettings, shardsInUse } from './threads.js';

/** Native TensorFlow through tfjs-node, prepared by `npm run setup`. */
export const loadTensorflow: RuntimeLoader = async ({ size = { batchSize: 1, hiddenSize: 100 }, threads, compile }) => {
  try {
    applySettings(chooseSettings(size, threads, compile));
    restoreRemovedUtilities();
    await import('@tensorflow/tfjs-node');
    const tf = await import('@tensorflow/tfjs-core');
    if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow.js refused the tensorflow backend');
    return await describeRuntime(compile);
  } catch (error) {
    return { backend: 'tensorflow', reason: reasonOf(error) };
  }
};

async function describeRuntime(compile: boolean): Promise<Runtime> {
  const { TensorEngine } = await import('../../model/engine.js');
  const { TensorSymbolModel } = await import('../../model/symbol-model.js');
  const { opByOp } = await import('../compile.js');
  const { trace } = await import('./trace.js');
  const { nativeBackend, missingInternals } = await import('./native-backend.js');
  const { registerGatherWithoutReadback } = await import('./gather.js');
  const backend = nativeBackend();
  const missing = missingInternals(backend);
  if (missing.length === 0) registerGatherWithoutReadback();
  const prepare = compile && missing.length === 0 ? trace : opByOp;
  const version = backend.binding.TF_Version;
  return {
    backend: 'tensorflow',
    description: `TensorFlow ${version}, ${manner(compile, missing)}, ${threadsInUse()}`,
    version,
    createEngine: (config, state) =>
      new TensorEngine('tensorflow', config, state, prepare, prepare === opByOp ? 1 : shardsInUse(config)),
    createSymbolModel: (size, parameters, hidden) => new TensorSymbolModel(size, parameters, hidden, prepare),
  };
}

function manner(compile: boolean, missing: readonly string[]): string {
  if (!compile) return 'op by op';
  return missing.length === 0 ? 'one traced graph' : `op by op, because this tfjs-node lacks ${missing.join(', ')}`;
}

function threadsInUse(): string {
  const { TF_NUM_INTRAOP_THREADS: intra = '0', TF_NUM_INTEROP_THREADS: inter = '0' } = process.env;
  if (intra === '0' || inter === '0') return 'all threads';
  const threads = Math.max(Number(intra), Number(inter));
  return threads === 1 ? '1 thread' : `${threads} threads`;
}

/** tfjs-node 4.22.0 calls two functions of node:util that newer versions of Node no longer have. */
function restoreRemovedUtilities(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return '@tensorflow/tfjs-node is not installed; npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0';
  }
  const message = messageOf(error);
  if (message.includes('can not be found at path')) return "TensorFlow's native library is not set up; npm run setup";
  return `${message}; npm run setup repairs it`;
}
