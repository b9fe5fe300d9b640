import { UserError } from '../errors.js';
import { shortageOf, SMALLER } from './memory.js';
import { type Candidate, FASTEST_IN_GENERAL, type Preference, preferenceFor } from './preference.js';
import { loadPure } from './pure.js';
import { isUnavailable, type Runtime, type RuntimeLoader, type RuntimeRequest } from './runtime.js';
import { loadTensorflow } from './tensorflow/load.js';
import { loadWasm } from './wasm/load.js';
import { loadWebgpu } from './webgpu/load.js';
import type { BackendName } from '../options/choices.js';

/** The loader of each backend; each imports its library only when called. */
export const LOADERS: Readonly<Record<BackendName, RuntimeLoader>> = {
  tensorflow: loadTensorflow,
  webgpu: loadWebgpu,
  wasm: loadWasm,
  pure: loadPure,
};

/** A runtime and why it was taken, for the line that says so. */
export interface Choice {
  runtime: Runtime;
  /** What the preference says, "as asked for", or what stopped the better ones. */
  reason: string;
}

/**
 * Loads the backend that was asked for, or with `auto` the first of the preferred ones that runs here. Without a
 * preference, the rule for training a model of the request's size decides. A backend whose memory the size would not fit
 * into cannot run it, and is not loaded. `--device gpu` asks for CUDA, and so for
 * tensorflow; any other name than `cpu` and `auto` is a graphics adapter's, and so asks for webgpu.
 * @throws UserError when the one asked for cannot run here.
 */
export async function chooseRuntime(
  wanted: BackendName | 'auto',
  request: RuntimeRequest,
  loaders: Readonly<Record<BackendName, RuntimeLoader>> = LOADERS,
  preference: Preference = request.size ? preferenceFor(request.size) : FASTEST_IN_GENERAL,
): Promise<Choice> {
  const asked = askedFor(wanted, request);
  const failures: string[] = [];
  let short = false;
  for (const { backend, device } of asked ? [asked] : preference.candidates) {
    const wish = { ...request, device: request.device ?? device };
    const shortage = wish.size && shortageOf(backend, wish.size, wish.device);
    short ||= shortage !== undefined;
    const loaded = shortage === undefined ? await loaders[backend](wish) : { backend, reason: shortage };
    if (!isUnavailable(loaded)) {
      return { runtime: loaded, reason: asked ? 'as asked for' : failures.join(', and ') || preference.reason };
    }
    failures.push(`${backend} cannot run here: ${loaded.reason}`);
  }
  const option = wanted === 'auto' && asked ? `--device ${request.device}` : `--backend ${wanted}`;
  const other = wanted !== 'auto' ? 'or use --backend auto' : asked ? 'or leave it out' : undefined;
  const advice = [short ? SMALLER : undefined, other].filter((each) => each !== undefined).join(', ');
  throw new UserError(`${option} must run on this machine, but ${failures.join(', and ')}${advice && `; ${advice}`}`);
}

/** Backends that compute on a CPU only. */
const WITHOUT_DEVICES: readonly BackendName[] = ['wasm', 'pure'];

/** The one candidate that was asked for; undefined where the choice is free. @throws UserError for a contradiction. */
function askedFor(wanted: BackendName | 'auto', { device }: RuntimeRequest): Candidate | undefined {
  if (wanted === 'auto') return ownerOf(device);
  if (device === undefined || device === 'cpu' || !WITHOUT_DEVICES.includes(wanted)) return { backend: wanted };
  throw new UserError(`--device must be cpu with --backend ${wanted}, but got '${device}'; leave one of the two out`);
}

/** The candidate that a device belongs to; undefined for those that several backends have. */
function ownerOf(device: string | undefined): Candidate | undefined {
  if (device === undefined || device === 'cpu' || device === 'auto') return undefined;
  return { backend: device === 'gpu' ? 'tensorflow' : 'webgpu' };
}
