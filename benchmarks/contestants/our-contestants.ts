import type { Launch } from '../../src/bench/child.js';
import type { Contestant } from '../contest.js';
import { nodeProgram } from './node-program.js';
import type { BackendName } from '../../src/options/choices.js';

/** How the names of our own contestants begin. */
export const OUR_NAME = 'min-char-rnn';

/** Whether a contestant is our own. */
export const isOurs = (contestant: string): boolean => contestant.startsWith(OUR_NAME);

/** TensorFlow's own choice of threads and kernels, which a user of TensorFlow.js gets. */
const TENSORFLOW_DEFAULTS = { TF_NUM_INTRAOP_THREADS: '0', TF_NUM_INTEROP_THREADS: '0', TF_ENABLE_ONEDNN_OPTS: '1' };

/** How to start our program on TensorFlow as it trains by default; `env` and `shards` win over its own choice. */
export function tracedLaunch(env: Readonly<Record<string, string>> = {}, shards?: number): Launch {
  return ours(shards === undefined ? [] : ['--shards', String(shards)], env);
}

/** How to start our program on TensorFlow without the trace. */
export function opByOpLaunch(env: Readonly<Record<string, string>> = {}): Launch {
  return ours(['--compile', 'false'], env);
}

/** How to start our program on a backend, with the settings that it takes by itself. */
export function backendLaunch(backend: BackendName): Launch {
  return ours(['--backend', backend]);
}

/** How to start our whole trainer as it trains by default, live samples included; flags are those of its program. */
export function wholeTrainer(...flags: readonly string[]): Launch {
  return nodeProgram('whole-trainer.ts', import.meta.url, flags);
}

/** Our own program on each of its backends. */
export function ourContestants(): Contestant[] {
  return [
    { name: `${OUR_NAME} (TensorFlow, traced)`, launches: [tracedLaunch()] },
    { name: `${OUR_NAME} (TensorFlow, op by op)`, launches: [opByOpLaunch()] },
    { name: `${OUR_NAME} (TensorFlow, op by op, default threads)`, launches: [opByOpLaunch(TENSORFLOW_DEFAULTS)] },
    { name: `${OUR_NAME} (wasm)`, launches: [backendLaunch('wasm')] },
    { name: `${OUR_NAME} (pure TypeScript)`, launches: [backendLaunch('pure')] },
  ];
}

/** How to start our program with flags of `ours.ts`; `env` wins over what it would choose. */
export function ours(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Launch {
  return nodeProgram('ours.ts', import.meta.url, flags, env);
}
