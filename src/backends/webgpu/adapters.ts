import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** A GPU, or a program that stands in for one, as the driver names it. */
export interface AdapterName {
  /** "NVIDIA H100 80GB HBM3" */
  name: string;
  /** What Dawn reaches it through: vulkan, metal, d3d12. */
  api: string;
}

/** The adapters of this machine; where there are none, what the driver's loader said. */
export interface AdapterList {
  adapters: AdapterName[];
  complaint: string | undefined;
}

/** Which adapter to open, as flags of Dawn's `create` and as WebGPU's own request. */
export interface AdapterChoice {
  flags: string[];
  request: GPURequestAdapterOptions;
}

/** Asked for an adapter that cannot be, Dawn names those that it has. */
const PROBE = `
const { create } = await import(process.argv[1]);
try {
  await create(['adapter=\\u0001']).requestAdapter();
} catch (error) {
  console.log(error.message);
}`;

/**
 * Lists the adapters. Dawn is asked in a process of its own, because drivers write their complaints straight to stderr,
 * and some end the process that loads them.
 * @throws with code MODULE_NOT_FOUND where Dawn's package is not installed.
 */
export async function listAdapters(): Promise<AdapterList> {
  const dawn = pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;
  try {
    const run = promisify(execFile);
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', PROBE, dawn]);
    return parseAdapters(stdout, stderr);
  } catch (error) {
    const { signal, stderr } = error as { signal?: string | null; stderr?: string };
    const end = signal ? `the driver ended its process with ${signal}` : undefined;
    return { adapters: [], complaint: end ?? parseAdapters('', stderr ?? String(error)).complaint };
  }
}

/** Reads the list and, where it is empty, the complaint out of what Dawn printed. */
export function parseAdapters(stdout: string, stderr: string): AdapterList {
  const rows = stdout.matchAll(/^ \* backend: '(.*?)', name: '(.*)'$/gm);
  const adapters = Array.from(rows, ([, api, name]) => ({ name, api }));
  const line = stderr.split('\n').find((text) => text.trim() !== '');
  return { adapters, complaint: adapters.length > 0 ? undefined : line?.replace(/^Warning: /, '').trim() };
}

/**
 * The adapter that `--device` means: `auto` the fastest, `gpu` too, `cpu` a software one, else the first whose name
 * contains the text, whatever its case.
 * @returns the reason, with what there is, where none does.
 */
export function chooseAdapter(device: string, { adapters, complaint }: AdapterList): AdapterChoice | string {
  if (adapters.length === 0) {
    return `no graphics adapter was found${complaint ? ` (${complaint})` : ''}; ${installAdvice()}`;
  }
  if (device === 'cpu') return { flags: [], request: { forceFallbackAdapter: true } };
  if (device === 'auto' || device === 'gpu') return { flags: [], request: { powerPreference: 'high-performance' } };
  const found = adapters.find(({ name }) => name.toLowerCase().includes(device.toLowerCase()));
  if (found) return { flags: [`backend=${found.api}`, `adapter=${found.name}`], request: {} };
  return `no adapter's name contains '${device}'; choose from ${namesOf(adapters)}`;
}

/** The names for a message: 'A' (vulkan), 'B' (vulkan). */
export function namesOf(adapters: readonly AdapterName[]): string {
  return adapters.map(({ name, api }) => `'${name}' (${api})`).join(', ');
}

/** What to do for an adapter to appear. */
export function installAdvice(platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'linux') return "update the graphics card's driver";
  return (
    "install the graphics card's Vulkan driver and libvulkan1, " +
    "or set VK_ICD_FILENAMES to the .json file of a software driver, such as SwiftShader's"
  );
}

/** Dawn's form of a device's name: lower case, all else than letters and digits as single dashes. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
