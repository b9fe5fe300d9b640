import { type Identity, tellAbsent } from '../../src/bench/protocol.js';
import type { Size } from '../../src/bench/request.js';
import { chooseRuntime, LOADERS } from '../../src/backends/choose.js';
import { isUnavailable, type Runtime } from '../../src/backends/runtime.js';
import { BACKENDS } from '../../src/options/choices.js';

/** The flags that choose a runtime, beside those that every child has. */
export const RUNTIME_FLAGS = ['backend', 'compile', 'device'] as const;

/**
 * Loads the runtime that `--backend` (`auto` too), `--device` and `--compile true|false` name, as the command line would
 * for this size. Where it cannot run, reports that to the harness and returns undefined.
 * @throws RangeError for an unknown backend.
 */
export async function loadOurRuntime(
  size: Pick<Size, 'batchSize' | 'hiddenSize'>,
  flags: Partial<Record<(typeof RUNTIME_FLAGS)[number], string>>,
): Promise<Runtime | undefined> {
  const request = { size, device: flags.device, compile: flags.compile !== 'false' };
  if (flags.backend === 'auto') return (await chooseRuntime('auto', request)).runtime;
  const backend = BACKENDS.find((name) => name === (flags.backend ?? 'tensorflow'));
  if (!backend) throw new RangeError(`--backend must be one of ${BACKENDS.join(', ')}, but got ${flags.backend}`);
  const loaded = await LOADERS[backend](request);
  if (!isUnavailable(loaded)) return loaded;
  tellAbsent(loaded.reason);
  return undefined;
}

/** Who a child on one of our runtimes is. */
export function identityOf(runtime: Runtime, details: Identity['details'] = {}): Identity {
  const { TF_NUM_INTRAOP_THREADS: intra, TF_NUM_INTEROP_THREADS: inter, TF_ENABLE_ONEDNN_OPTS: oneDnn } = process.env;
  const isDefault = !Number(intra) || !Number(inter);
  const threads = isDefault ? 'default' : Math.max(Number(intra), Number(inter));
  const settings = { threads, oneDnn: oneDnn !== '0' };
  return {
    name: runtime.description,
    version: runtime.version,
    details: { backend: runtime.backend, ...(runtime.backend === 'tensorflow' && settings), ...details },
  };
}
