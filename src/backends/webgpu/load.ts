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
 * installs them. Each call opens a device and closes the one of the call before.
 */
export const loadWebgpu: RuntimeLoader = async ({ device: wanted = 'auto', compile, size }) => {
  try {
    const { listAdapters } = await import('./adapters.js');
    const { openDevice } = await import('./device.js');
    const tf = await import('@tensorflow/tfjs-core');
    const { version_core: version } = tf;
    // Before navigator.gpu is there, so that TensorFlow.js registers no backend of its own.
    const { DeviceBackend } = await import('./device-backend.js');
    const opened = await openDevice(wanted, await listAdapters());
    const shortage = size && shortageOnDevice(size, opened.device.limits);
    if (shortage !== undefined) {
      opened.device.destroy();
      return { backend: 'webgpu', reason: `${shortage}; ${SMALLER}` };
    }
    const backend = new DeviceBackend(opened.device, opened.info);
    const close = () => tf.findBackendFactory('webgpu') && tf.removeBackend('webgpu');
    close();
    tf.registerBackend('webgpu', () => backend);
    if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js refused the webgpu backend');
    chooseMatMul(tf.env(), opened.software);
    process.once('beforeExit', close);
    return await describeRuntime(version, opened, compile, backend);
  } catch (error) {
    return { backend: 'webgpu', reason: reasonOf(error) };
  }
};

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

async function describeRuntime(
  version: string,
  { name, api, software }: OpenDevice,
  compile: boolean,
  device: DeviceBackend,
): Promise<Runtime> {
  const { WebgpuModel } = await import('./webgpu-model.js');
  const { ReferenceSamplingModel } = await import('../../model/reference/reference-sampling-model.js');
  const { replaceUnsteadyKernels, useFusedKernels } = await import('./kernels/register.js');
  replaceUnsteadyKernels();
  useFusedKernels(compile);
  const manner = compile ? 'fused kernels' : 'op by op';
  return {
    backend: 'webgpu',
    description: `TensorFlow.js ${version} on ${name} through ${api}${software ? ' (in software)' : ''}, ${manner}`,
    version,
    createModel: (config, state) => new WebgpuModel(config, state, device),
    // A symbol at a time, the way to the device and back takes longer than the model.
    createSamplingModel: (size, parameters, hidden) => new ReferenceSamplingModel(size, parameters, hidden),
  };
}

function reasonOf(error: unknown): string {
  return isNotInstalled(error) ? `its packages are not installed; ${installCommand(PACKAGES)}` : messageOf(error);
}
