import type { BackendName } from '../engine.js';
import { UserError } from '../errors.js';
import { loadPure } from './pure.js';
import { isUnavailable, type Runtime, type RuntimeLoader, type RuntimeRequest } from './runtime.js';
import { loadTensorflow } from './tensorflow/load.js';
import { loadWasm } from './wasm/load.js';
import { loadWebgpu } from './webgpu/load.js';

/** The loader of each backend; each imports its library only when called. */
export const LOADERS: Readonly<Record<BackendName, RuntimeLoader>> = {
  tensorflow: loadTensorflow,
  webgpu: loadWebgpu,
  wasm: loadWasm,
  pure: loadPure,
};

/** What `auto` tries, in this order. */
export const AUTOMATIC: readonly BackendName[] = ['tensorflow', 'wasm', 'pure'];

/** A runtime and why it was taken, for the line that says so. */
export interface Choice {
  runtime: Runtime;
  /** "the fastest that runs here", "asked for", or what stopped the faster ones. */
  reason: string;
}

/**
 * Loads the backend that was asked for, or with `auto` the fastest that runs here: tensorflow, else wasm, else pure.
 * @throws UserError when the one asked for cannot run here.
 */
export async function chooseRuntime(
  wanted: BackendName | 'auto',
  request: RuntimeRequest,
  loaders: Readonly<Record<BackendName, RuntimeLoader>> = LOADERS,
): Promise<Choice> {
  const failures: string[] = [];
  for (const backend of wanted === 'auto' ? AUTOMATIC : [wanted]) {
    const loaded = await loaders[backend](request);
    if (!isUnavailable(loaded)) return { runtime: loaded, reason: reasonFor(wanted, failures) };
    failures.push(`${backend} cannot run here: ${loaded.reason}`);
  }
  throw new UserError(
    `--backend ${wanted} must run on this machine, but ${failures.join(', and ')}; or use --backend auto`,
  );
}

function reasonFor(wanted: BackendName | 'auto', failures: readonly string[]): string {
  if (wanted !== 'auto') return 'as asked for';
  return failures.length === 0 ? 'the fastest that runs here' : failures.join(', and ');
}
