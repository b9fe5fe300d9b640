import { UserError } from '../../errors.js';
import { optionalImport } from '../../system/optional-import.js';
import {
  type AdapterList,
  type AdapterName,
  chooseAdapter,
  installAdvice,
  namesOf,
  normalizedName,
  declareNoDisplay,
} from './adapters.js';

/** An open device and what it is called. */
export interface OpenDevice extends AdapterName {
  device: GPUDevice;
  /** What it lives by: Dawn's device lives as long as this is held. */
  gpu: GPU;
  info: GPUAdapterInfo;
  /** Computed by the processor, in software. */
  software: boolean;
}

/** Limits that TensorFlow.js uses up to the adapter's own; the others stay as every device has them. */
const RAISED = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/**
 * Makes this process one that has `navigator.gpu`, as TensorFlow.js expects, and opens the device that `--device` means.
 * @throws UserError with the reason where there is none, or it is refused.
 */
export async function openDevice(wanted: string, list: AdapterList): Promise<OpenDevice> {
  const choice = chooseAdapter(wanted, list);
  if (typeof choice === 'string') throw new UserError(choice);
  const gpu = await provideGpu(choice.flags);
  const adapter = await gpu.requestAdapter(choice.request);
  if (!adapter) {
    const kind = wanted === 'cpu' ? 'software ' : '';
    throw new UserError(`no ${kind}adapter can be used; choose with --device from ${namesOf(list.adapters)}`);
  }
  const names = nameOf(adapter.info, list.adapters);
  const software = adapter.info.isFallbackAdapter;
  if (wanted === 'gpu' && software) {
    throw new UserError(
      `the only adapter, '${names.name}', is a software one; ${installAdvice()}, or use --device cpu`,
    );
  }
  return { ...names, gpu, info: adapter.info, software, device: await requestDevice(adapter, names) };
}

/** Loads Dawn and puts it where a browser has it. */
async function provideGpu(flags: string[]): Promise<GPU> {
  declareNoDisplay();
  const { create, globals } = await optionalImport<typeof import('webgpu')>('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create(flags);
  const host = globalThis as { navigator?: object };
  host.navigator ??= {};
  Object.defineProperty(host.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

async function requestDevice(adapter: GPUAdapter, { name }: AdapterName): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(RAISED.map((limit) => [limit, adapter.limits[limit]]));
  try {
    return await adapter.requestDevice({ requiredLimits });
  } catch (error) {
    throw new UserError(
      `'${name}' refused to open: ${String(error)}; update its driver, or choose another one with --device`,
    );
  }
}

/** The driver's own name of an adapter, where the list has it. */
function nameOf({ device, description }: GPUAdapterInfo, adapters: readonly AdapterName[]): AdapterName {
  const listed = adapters.find(({ name }) => normalizedName(name) === device);
  return listed ?? { name: device || description || 'unnamed adapter', api: adapters[0]?.api ?? 'unknown API' };
}
