import { UserError } from '../errors.js';
import { shortageOf, SMALLER, type WorkSize } from './memory.js';
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

/** A backend, and for one that has several, the device that it is to compute on. */
export interface Candidate {
  readonly backend: BackendName;
  readonly device?: string | undefined;
}

/** What `--backend auto` tries, the best first, and why in that order. */
export interface Preference {
  readonly candidates: readonly Candidate[];
  /** A few words for the line that names the choice: "small steps: batch size x hidden size x (hidden size + vocabulary / 2) = 13250 < 65536". */
  readonly reason: string;
}

/**
 * B · H · (H + V / 2), the work of a time step, below which a training step is faster on WebAssembly, whose recording
 * costs next to nothing to start, than as a graph of native TensorFlow. Found by `npm run bench -- backends`, whose grid
 * and best rule at V = 65 are committed as benchmarks/results/backends.md. The part of V comes from 22 sizes of B 1 to 8, H 64 to
 * 200, V 65 to 20,000 at T = 25: without it a rule costs seven times as much. At eight sizes of V 200 to 3,000 with work of
 * 85,000 to 125,000 WebAssembly takes 0.54 to 0.90 of the time.
 *
 * Of a single stream only the part of V counts, H · V / 2: products of one row wait for memory, whatever computes them. At
 * B = 1, V = 65 and H 512 to 1,536 WebAssembly takes 0.63 to 0.97 of the time.
 */
export const SMALL_STEP = 131_072;

/** Native TensorFlow where it is set up. */
export const TENSORFLOW_FIRST: readonly Candidate[] = [
  { backend: 'tensorflow' },
  { backend: 'wasm' },
  { backend: 'pure' },
];
/** WebAssembly, which loads sooner and is faster for small steps. */
export const WASM_FIRST: readonly Candidate[] = [{ backend: 'wasm' }, { backend: 'tensorflow' }, { backend: 'pure' }];

/**
 * The order for training a model of a size, by the rule that was measured on a CPU. GPUs are not in it: whether one is
 * faster depends on the card, so they are used where they are asked for or were measured (`doctor --bench`).
 */
export function preferenceFor({ batchSize, hiddenSize, vocabularySize = 0 }: WorkSize): Preference {
  const single = batchSize === 1;
  const work = batchSize * hiddenSize * ((single ? 0 : hiddenSize) + vocabularySize / 2);
  const counted = single ? 'hidden size x vocabulary / 2' : 'batch size x hidden size x (hidden size + vocabulary / 2)';
  return work < SMALL_STEP
    ? { candidates: WASM_FIRST, reason: `small steps: ${counted} = ${work} < ${SMALL_STEP}` }
    : { candidates: TENSORFLOW_FIRST, reason: `large steps: ${counted} = ${work} >= ${SMALL_STEP}` };
}

/** The order for work that is not training, such as evaluation over many streams. */
export const FASTEST_IN_GENERAL: Preference = {
  candidates: TENSORFLOW_FIRST,
  reason: 'the fastest that runs here',
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
  preference: Preference = request.size ? preferenceFor(request.size) : FASTEST_IN_GENERAL,
  loaders: Readonly<Record<BackendName, RuntimeLoader>> = LOADERS,
): Promise<Choice> {
  const required = requiredCandidate(wanted, request.device);
  const failures: string[] = [];
  let short = false;
  for (const { backend, device } of required ? [required] : preference.candidates) {
    const wish = { ...request, device: request.device ?? device };
    const shortage = wish.size && shortageOf(backend, wish.size, wish.device);
    short ||= shortage !== undefined;
    const loaded = shortage === undefined ? await loaders[backend](wish) : { backend, reason: shortage };
    if (!isUnavailable(loaded)) {
      return { runtime: loaded, reason: required ? 'as asked for' : failures.join(', and ') || preference.reason };
    }
    failures.push(`${backend} cannot run here: ${loaded.reason}`);
  }
  const option = wanted === 'auto' && required ? `--device ${request.device}` : `--backend ${wanted}`;
  const other = wanted !== 'auto' ? 'or use --backend auto' : required ? 'or leave it out' : undefined;
  const advice = [short ? SMALLER : undefined, other].filter((each) => each !== undefined).join(', ');
  throw new UserError(`${option} must run on this machine, but ${failures.join(', and ')}${advice && `; ${advice}`}`);
}

/** Backends that compute on a CPU only. */
const CPU_ONLY: readonly BackendName[] = ['wasm', 'pure'];

/** The only candidate that the options allow; undefined where the choice is free. @throws UserError for a contradiction. */
function requiredCandidate(wanted: BackendName | 'auto', device: string | undefined): Candidate | undefined {
  if (wanted !== 'auto') {
    if (device === undefined || device === 'cpu' || !CPU_ONLY.includes(wanted)) return { backend: wanted };
    throw new UserError(`--device must be cpu with --backend ${wanted}, but got '${device}'; leave one of the two out`);
  }
  if (device === undefined || device === 'cpu' || device === 'auto') return undefined;
  return { backend: device === 'gpu' ? 'tensorflow' : 'webgpu' };
}
