import type { StepSize } from '../model/parameters.js';
import type { WindowDraws } from '../model/trainable-model.js';
import type { TrainingConfig } from '../options/train-options.js';
import { Random } from '../sampling/random.js';

/**
 * What chance changes in training, besides samples. `resetProbability`: of each stream before each window, that its state
 * goes to zeros, so that the model learns to start. `recurrentDropout`: of each hidden unit in each window, that its
 * weights to the next time step are zero; those of the others grow by as much on average (Srivastava et al. 2014; one
 * mask for all time steps of a window: Gal & Ghahramani 2016, Moon et al. 2015).
 */
export type Chances = Pick<TrainingConfig, 'resetProbability' | 'recurrentDropout' | 'seed'>;

/**
 * The draws for `count` windows from `step` on; undefined where nothing is left to chance. Each step's come from the
 * seed and the step alone: neither samples nor pauses nor the number of windows a call change them.
 */
export function drawWindows(chances: Chances, size: StepSize, step: number, count: number): WindowDraws | undefined {
  const { resetProbability, recurrentDropout, seed } = chances;
  const { batchSize: B, hiddenSize: H } = size;
  const kept = resetProbability > 0 ? new Float32Array(count * B) : undefined;
  const units = recurrentDropout > 0 ? new Float32Array(count * H) : undefined;
  if (!kept && !units) return undefined;
  for (let window = 0; window < count; window++) {
    const random = Random.ofStep(seed, step + window);
    const draw = (probability: number, otherwise: number) => (random.uniform() < probability ? 0 : otherwise);
    kept?.subarray(window * B, (window + 1) * B).forEach((_, b, row) => (row[b] = draw(resetProbability, 1)));
    const scale = 1 / (1 - recurrentDropout);
    units?.subarray(window * H, (window + 1) * H).forEach((_, i, row) => (row[i] = draw(recurrentDropout, scale)));
  }
  return { kept, units };
}
