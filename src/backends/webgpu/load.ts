import type * as tfjs from '@tensorflow/tfjs-core';
import type { Environment } from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.js';
import { installCommand } from '../../system/invocation.js';
import { isNotInstalled, type Runtime, type RuntimeLoader } from '../runtime.js';
import type { DeviceBackend } from './device-backend.js';
import type { OpenDevice } from './device.js';
import { shortageOnDevice, SMALLER } from '../memory.js';
import { PACKAGES } from './packages.js';

/**
 * TensorFlow.js on the graphics card through WebGPU, as Dawn implements it. Its packages are large, so only who wants it
 * installs them. A device is opened once for each name that it is asked for by, and stays open: its models share it.
 */
export const loadWebgpu: RuntimeLoader = async ({ device: wanted = 'auto', compile, size }) => {
  try {
    const tf = await import('@tensorflow/tfjs-core');
    const device = await openOnce(wanted);
    const shortage = size && shortageOnDevice(size, device.opened.device.limits);
    if (shortage !== undefined) return { backend: 'webgpu', reason: `${shortage}; ${SMALLER}` };
    if (!tf.findBackendFactory('webgpu')) tf.registerBackend('webgpu', () => device.backend);
    return await describeRuntime(tf, device, compile);
  } catch (error) {
    return { backend: 'webgpu', reason: reasonOf(error) };
  }
};

/** An open device, and TensorFlow.js's backend on it. */
interface ReadyDevice {
  readonly opened: OpenDevice;
  readonly backend: DeviceBackend;
}

/** The devices of this process, by what `--device` said. */
const devices = new Map<string, Promise<ReadyDevice>>();

async function openOnce(wanted: string): Promise<ReadyDevice> {
  const known = await devices.get(wanted)?.catch(() => undefined);
  if (known && !known.backend.isBroken) return known;
  const opening = open(wanted);
  devices.set(wanted, opening);
  return opening;
}

async function open(wanted: string): Promise<ReadyDevice> {
  const { listAdapters } = await import('./adapters.js');
  const { openDevice } = await import('./device.js');
  // Before navigator.gpu is there, so that TensorFlow.js registers no backend of its own.
  const { DeviceBackend } = await import('./device-backend.js');
  const opened = await openDevice(wanted, await listAdapters());
  return { opened, backend: new DeviceBackend(opened.device, opened.info) };
}

/**
 * For small products TensorFlow.js takes programs whose invocations meet at many barriers. In software a barrier of 256
 * invocations costs 50 us, and those products are nine tenths of a step; the tiled program has few.
 */
function chooseMatMul(env: Environment, software: boolean): void {
  env.set('WEBGPU_MATMUL_PROGRAM_TYPE', software ? TILED : BY_SIZE);
}

/** Values of TensorFlow.js's flag: MatMulProgramType.MatMulPackedProgram, and its default. */
const TILED = 3;
const BY_SIZE = -1;

async function describeRuntime(tf: typeof tfjs, { opened, backend }: ReadyDevice, compile: boolean): Promise<Runtime> {
  const { version_core: version } = tf;
  const { name, api, software } = opened;
  const { WebgpuModel } = await import('./webgpu-model.js');
  const { ReferenceSamplingModel } = await import('../../model/reference/reference-sampling-model.js');
  const { replaceUnsteadyKernels, useFusedKernels } = await import('./kernels/register.js');
  const { runOn, setUpKernels } = await import('../active-backend.js');
  replaceUnsteadyKernels();
  setUpKernels('webgpu', backend);
  // Kernels and flags are of the process, and another model's may be others.
  const run = runOn('webgpu', backend, () => {
    useFusedKernels(compile);
    chooseMatMul(tf.env(), software);
  });
  const manner = compile ? 'fused kernels' : 'op by op';
  return {
    backend: 'webgpu',
    description: `TensorFlow.js ${version} on ${name} through ${api}${software ? ' (in software)' : ''}, ${manner}`,
    version,
    createModel: (config, state) => new WebgpuModel(config, state, backend, run),
    // A symbol at a time, the way to the device and back takes longer than the model.
    createSamplingModel: (size, parameters, hidden) => new ReferenceSamplingModel(size, parameters, hidden),
  };
}

function reasonOf(error: unknown): string {
  return isNotInstalled(error) ? `its packages are not installed; ${installCommand(PACKAGES)}` : messageOf(error);
}
