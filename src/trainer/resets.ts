import { Random } from '../sampling/random.js';

/** How often a stream's hidden state is set to zeros while training, so that a model learns to start from them. */
export interface Resets {
  /** For each stream before each window, 0 to 1. */
  readonly probability: number;
  /** The run's seed: each step's draws come from it and the step alone, so neither samples nor pauses change them. */
  readonly seed: number;
}

/** Resets of a run, undefined where there are none. */
export function resetsOf({ resetProbability, seed }: { resetProbability: number; seed: number }): Resets | undefined {
  return resetProbability > 0 ? { probability: resetProbability, seed } : undefined;
}

/** Which of B streams keep their states before the windows of `count` steps from `step` on: (count, B), 1 or else 0. */
export function keptStreams({ probability, seed }: Resets, step: number, count: number, B: number): Float32Array {
  const kept = new Float32Array(count * B);
  for (let window = 0; window < count; window++) {
    const random = Random.ofStep(seed, step + window);
    for (let b = 0; b < B; b++) kept[window * B + b] = random.uniform() < probability ? 0 : 1;
  }
  return kept;
}
