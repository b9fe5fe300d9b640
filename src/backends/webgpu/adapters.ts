import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { installCommand } from '../../system/invocation.js';
import { lastErrorLine } from '../../system/run-command.js';
import { DAWN } from './packages.js';

/** A GPU, or a program that stands in for one, as the driver names it. */
export interface AdapterName {
  /** "NVIDIA H100 80GB HBM3" */
  name: string;
  /** What Dawn reaches it through: vulkan, metal, d3d12. */
  api: string;
}

/** The adapters of this machine; where there are none, why, and what to do. */
export interface AdapterList {
  adapters: AdapterName[];
  absence?: string | undefined;
}

/** Which adapter to open, as flags of Dawn's `create` and as WebGPU's own request. */
export interface AdapterChoice {
  flags: string[];
  request: GPURequestAdapterOptions;
}

/** Asked for an adapter that cannot exist, Dawn lists those that do. */
const PROBE = `
const { create } = await import(process.argv[1]);
try {
  await create(['adapter=\\u0001']).requestAdapter();
} catch (error) {
  console.log(error.message);
}`;

/**
 * Keeps drivers from complaining on stderr: Mesa's Vulkan layer asks the system for a display, and libwayland writes an
 * error where XDG_RUNTIME_DIR is not set. This value says that there is none. To be called before Dawn is loaded.
 */
export function declareNoDisplay(): void {
  process.env.XDG_RUNTIME_DIR ||= '/dev/null';
}

/** Long enough for a cold disk, a busy machine and a driver that wakes a card. */
const PATIENCE_MS = 60_000;

/**
 * Lists the adapters. Dawn is asked in a process of its own, because drivers write their complaints straight to stderr,
 * and some end the process that loads them.
 * @param dawn the module to ask. @param timeout in milliseconds.
 * @throws with code MODULE_NOT_FOUND where Dawn's package is not installed.
 */
export async function listAdapters(dawn = findDawn(), timeout = PATIENCE_MS): Promise<AdapterList> {
  try {
    declareNoDisplay();
    const run = promisify(execFile);
    const parameters = ['--input-type=module', '--eval', PROBE, dawn];
    const { stdout, stderr } = await run(process.execPath, parameters, { timeout, killSignal: 'SIGKILL' });
    return parseAdapters(stdout, stderr);
  } catch (error) {
    return { adapters: [], absence: explainEnd(error as ProbeEnd, timeout) };
  }
}

const findDawn = () => pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;

/** How the process ended that was to ask Dawn: what `execFile` adds to its error. */
interface ProbeEnd extends Error {
  killed?: boolean;
  signal?: string | null;
  stderr?: string;
}

function explainEnd({ killed, signal, stderr, message }: ProbeEnd, timeout: number): string {
  if (killed) {
    return `Dawn did not list the graphics adapters within ${timeout / 1000} s; try again when the machine is less busy, or ${installAdvice()}`;
  }
  if (signal) return noAdapter(`the driver ended its process with ${signal}`);
  return `Dawn does not load (${lastErrorLine(stderr ?? message)}); install its package again: ${installCommand([DAWN])}`;
}

function noAdapter(complaint: string | undefined): string {
  return `no graphics adapter was found${complaint ? ` (${complaint})` : ''}; ${installAdvice()}`;
}

/** Reads the list and, where it is empty, the complaint out of what Dawn printed. */
export function parseAdapters(stdout: string, stderr: string): AdapterList {
  const rows = stdout.matchAll(/^ \* backend: '(.*?)', name: '(.*)'$/gm);
  const adapters = Array.from(rows, ([, api, name]) => ({ name, api }));
  const line = stderr.split('\n').find((text) => text.trim() !== '');
  return adapters.length > 0 ? { adapters } : { adapters, absence: noAdapter(line?.replace(/^Warning: /, '').trim()) };
}

/**
 * The adapter that `--device` means: `auto` and `gpu` the one for high performance, `cpu` a software one, anything else
 * the first whose name contains the text, whatever its case.
 * @returns the reason, with what there is, where none does.
 */
export function chooseAdapter(device: string, { adapters, absence }: AdapterList): AdapterChoice | string {
  if (absence !== undefined) return absence;
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

/** Dawn's form of a device's name: lower case, with one dash for everything between letters and digits. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
