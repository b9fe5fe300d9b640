import type { Preset } from './choices.js';
import type { TrainingConfig } from './train-options.js';

/** Named sets of defaults; an option given beside a preset wins over it. */
export const PRESETS = {
  /** The specification. */
  seed: {},
  /** For real use: found on tiny Shakespeare by the search that `benchmarks/results/learning.md` records. */
  fast: {
    hiddenSize: 256,
    seqLength: 32,
    batchSize: 8,
    learningRate: 0.002,
    learningRateRise: 'sqrt',
    learningRateDecay: 'linear',
    resetProbability: 0.001,
    recurrentDropout: 0.1,
    weightDecay: 0.0001,
    init: 'scaled',
  },
  /**
   * Sizes that a graphics card could be busy with: chosen, not measured on one. With a rate that does not rise some seeds
   * have not learned anything but noise after three epochs of tiny Shakespeare.
   */
  gpu: {
    hiddenSize: 1024,
    seqLength: 64,
    batchSize: 256,
    learningRate: 0.001,
    learningRateRise: 'sqrt',
    learningRateDecay: 'linear',
    resetProbability: 0.001,
    init: 'scaled',
  },
} as const satisfies Record<Preset, Partial<TrainingConfig>>;

/**
 * Windows a call on a CUDA card where a preset has a number of its own; everywhere else the size decides. Each call
 * copies weights and memories to the card and back, and four windows share that: chosen, not measured. The results are the
 * same with any number.
 */
export const WINDOWS_PER_CALL_ON_CARD: Readonly<Partial<Record<Preset, number>>> = { gpu: 4 };
