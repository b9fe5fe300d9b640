import { join } from 'node:path';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.js';
import { BINDING_NAME } from '../../native/binding.js';
import { type NativeStatus, nativeStatus } from '../../native/status.js';
import { programName } from '../../system/invocation.js';
import { type Runtime, type RuntimeLoader, type Unavailable } from '../runtime.js';
import { applyCudaSettings, cardNames, explainNoCard, hideCards } from './cuda.js';
import type { NativeBackend } from './native-backend.js';
import { registerTensorflow } from './register.js';
import { applySettings, areApplied, chooseSettings, shardCount, shardsInUse } from './threads.js';

/** What `--device` may be here; without it, the CPU. */
const DEVICES = ['cpu', 'gpu', 'auto'];

/**
 * Native TensorFlow through tfjs-node, prepared by `setup`. The device `gpu` takes TensorFlow with CUDA, prepared by
 * `setup --gpu`, and needs a card; `auto` takes a card where both are there, else the CPU.
 */
export const loadTensorflow: RuntimeLoader = async (request) => {
  const { size = { batchSize: 1, hiddenSize: 100 }, threads, compile, device } = request;
  try {
    if (device !== undefined && !DEVICES.includes(device)) {
      return unavailable(`its devices are ${DEVICES.join(', ')}, not '${device}'; name one of them`);
    }
    const cuda = device === 'gpu' || device === 'auto' ? nativeStatus('gpu') : undefined;
    if (device === 'gpu' && cuda?.kind === 'absent') return unavailable(cuda.reason);
    if (device === 'cpu') hideCards();
    const library = cuda?.kind === 'ready' ? cuda : nativeStatus();
    if (library.kind === 'absent') return unavailable(library.reason);
    if (library === cuda) applyCudaSettings();
    const settings = chooseSettings(size, threads, compile);
    applySettings(settings);
    if (threads !== undefined && !areApplied(settings)) return unavailable(otherThreads(threads));
    const instance = await registerTensorflow(join(library.folder, BINDING_NAME));
    const usesGpu = (instance as unknown as NativeBackend).isUsingGpuDevice;
    if (device === 'gpu' && !usesGpu) return unavailable(`no CUDA device: ${explainNoCard()}`);
    return await describeRuntime(instance, compile, workplace(usesGpu, cuda));
  } catch (error) {
    return unavailable(`${messageOf(error)}; ${programName()} setup --force repairs it`);
  }
};

const unavailable = (reason: string): Unavailable => ({ backend: 'tensorflow', reason });

/** @param place what it computes on, in words. */
async function describeRuntime(instance: KernelBackend, compile: boolean, place: string): Promise<Runtime> {
  const { TensorModel } = await import('../../model/tensor/tensor-model.js');
  const { TensorSamplingModel } = await import('../../model/tensor/tensor-sampling-model.js');
  const { opByOp } = await import('../../model/tensor/compile.js');
  const { trace } = await import('./trace.js');
  const { missingInternals, shardDevices } = await import('./native-backend.js');
  const { registerGatherWithoutReadback } = await import('./gather.js');
  const { tensorBackend } = await import('../active-backend.js');
  const backend = instance as unknown as NativeBackend;
  const missing = missingInternals(backend);
  if (missing.length === 0) registerGatherWithoutReadback();
  const prepare = compile && missing.length === 0 ? trace : opByOp;
  const on = tensorBackend('tensorflow', prepare);
  const usesGpu = backend.isUsingGpuDevice;
  const version = backend.binding.TF_Version;
  return {
    backend: 'tensorflow',
    description: `TensorFlow ${version}, ${manner(compile, missing)}, ${place}`,
    version,
    ...(usesGpu && { device: 'gpu' }),
    createModel: (config, state) => {
      // A shard for each card, or for each thread of a CPU.
      const count = () => (usesGpu ? shardCount(config, shardDevices(backend).length) : shardsInUse(config));
      const shards = prepare === opByOp ? 1 : count();
      return new TensorModel(on, config, state, shards);
    },
    createSamplingModel: (size, parameters, hidden) => new TensorSamplingModel(size, parameters, hidden, on),
  };
}

/** A worker thread has the settings of its process, whatever it asks for. */
function otherThreads(threads: number): string {
  return (
    `a worker thread must take the threads that its process has set, but got ${threads}; leave --threads out, or set ` +
    'TF_NUM_INTRAOP_THREADS and TF_NUM_INTEROP_THREADS in the main thread first'
  );
}

function manner(compile: boolean, missing: readonly string[]): string {
  if (!compile) return 'op by op';
  return missing.length === 0 ? 'one traced graph' : `op by op, because this tfjs-node lacks ${missing.join(', ')}`;
}

/** The cards or the threads that compute; where a card was wanted and none is used, also why. */
function workplace(usesGpu: boolean, cuda: NativeStatus | undefined): string {
  if (usesGpu) return `on ${cardNames().join(' and ') || 'a GPU'}`;
  if (!cuda) return threadsInUse();
  const whyNoGpu = cuda.kind === 'absent' ? cuda.reason : `no CUDA device: ${explainNoCard()}`;
  return `${threadsInUse()}; ${whyNoGpu}; computing on the CPU`;
}

function threadsInUse(): string {
  const { TF_NUM_INTRAOP_THREADS: intra = '0', TF_NUM_INTEROP_THREADS: inter = '0' } = process.env;
  if (intra === '0' || inter === '0') return 'all threads';
  const threads = Math.max(Number(intra), Number(inter));
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
