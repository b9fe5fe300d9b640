import type { Encoding } from '../corpus/vocabulary.js';
import type { Initialization } from '../model/parameters.js';
import type { Decay } from '../trainer/schedule.js';

/** What decides a model and how it learns: with the corpus and the limits, everything needed to repeat a run. */
export interface TrainingConfig {
  /** H, hidden units. */
  hiddenSize: number;
  /** T, time steps a window: how far the gradient reaches back. */
  seqLength: number;
  /** B, streams of text trained side by side. */
  batchSize: number;
  learningRate: number;
  learningRateDecay: Decay;
  /** Gradients are clipped to [-gradClip, gradClip], element by element; 0 leaves them as they are. */
  gradClip: number;
  init: Initialization;
  /** Seed of the initial weights and of the samples, 0 to 2^32 - 1. */
  seed: number;
  encoding: Encoding;
  /** Characters that come fewer times than this in the text become one, U+FFFD; 1: none does. */
  minCount: number;
  /** Part of the text, at its end, that is kept for validation; 0 to below 1. */
  validationFraction: number;
}

/** The specification: the minimal character RNN as it is known. Every default of `train` is here, and only here. */
export const SPECIFICATION: Readonly<TrainingConfig> = {
  hiddenSize: 100,
  seqLength: 25,
  batchSize: 1,
  learningRate: 0.1,
  learningRateDecay: 'none',
  gradClip: 5,
  init: 'paper',
  seed: 42,
  encoding: 'utf-8',
  minCount: 1,
  validationFraction: 0,
};

/** Named sets of defaults; an option given beside a preset wins over it. */
export const PRESETS = {
  /** The specification. */
  seed: {},
  /** For real use: found by a recorded search on tiny Shakespeare, see the README. */
  fast: {
    hiddenSize: 256,
    seqLength: 32,
    batchSize: 8,
    learningRate: 0.03,
    learningRateDecay: 'linear',
    init: 'scaled',
  },
  /** Sizes that a graphics card could be busy with: chosen, not measured, as none was at hand. */
  gpu: {
    hiddenSize: 1024,
    seqLength: 64,
    batchSize: 256,
    learningRate: 0.004,
    learningRateDecay: 'linear',
    init: 'scaled',
  },
} as const satisfies Record<string, Partial<TrainingConfig>>;

/**
 * Windows a call on a CUDA card where a preset has a number of its own; everywhere else the size decides. Each call
 * hands weights and memories to the card and back, and four share that way: chosen, not measured. The results are the
 * same with any number.
 */
export const WINDOWS_PER_CALL_ON_CARD: Readonly<Partial<Record<Preset, number>>> = { gpu: 4 };

/** The name of a preset. */
export type Preset = keyof typeof PRESETS;

/** How a run shows itself: defaults of the intervals, lengths and temperature of `train`, in steps and symbols. */
export const REPORTING = { reportEvery: 100, sampleEvery: 100, sampleLength: 200, temperature: 1 } as const;
