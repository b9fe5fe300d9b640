import type { StepSize } from '../model/parameters.js';
import type { BackendName } from '../model/trainable-model.js';

/** A backend, and for one that has several, the device that it is to compute on. */
export interface Candidate {
  readonly backend: BackendName;
  readonly device?: string | undefined;
}

/** What `--backend auto` tries, the best first, and why in that order. */
export interface Preference {
  readonly candidates: readonly Candidate[];
  /** A few words for the line that names the choice: "small steps: batch size x hidden size² = 10000 < 65536". */
  readonly reason: string;
}

/**
 * B · H², the work of a time step, below which a training step is faster on WebAssembly, whose recording costs next to
 * nothing to start, than as a graph of native TensorFlow. Found by `npm run bench -- backends`, whose grid and best rule are committed as
 * benchmarks/results/backends.md.
 */
export const SMALL_STEP = 65_536;

const TENSORFLOW_FIRST: readonly Candidate[] = [{ backend: 'tensorflow' }, { backend: 'wasm' }, { backend: 'pure' }];
const WASM_FIRST: readonly Candidate[] = [{ backend: 'wasm' }, { backend: 'tensorflow' }, { backend: 'pure' }];

/**
 * The order for training a model of a size, by the rule that was measured on a CPU. GPUs are not in it: whether one is
 * faster depends on the card, so they are used where they are asked for or were measured (`doctor --bench`).
 */
export function preferenceFor({ batchSize, hiddenSize }: StepSize): Preference {
  const work = batchSize * hiddenSize ** 2;
  const compared = `batch size x hidden size² = ${work}`;
  return work < SMALL_STEP
    ? { candidates: WASM_FIRST, reason: `small steps: ${compared} < ${SMALL_STEP}` }
    : { candidates: TENSORFLOW_FIRST, reason: `large steps: ${compared} >= ${SMALL_STEP}` };
}

/** The order for work that is not training, such as evaluation over many streams. */
export const FASTEST_IN_GENERAL: Preference = {
  candidates: TENSORFLOW_FIRST,
  reason: 'the fastest that runs here',
};
