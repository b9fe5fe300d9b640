/**
 * The library. This list is the public interface: what is not here may change at any time. Neither its import nor its
 * types load TensorFlow.js, which a training loads when it starts; `min-char-rnn/tensorflow` is TensorFlow itself.
 */
export { DivergedError } from './trainer/diverged.js';
export { UserError } from './errors.js';
export { type CorpusOptions, openCorpus, type SymbolOptions, type Text } from './library/text.js';
export { type EvaluateOptions, type GenerateOptions, type History, Model } from './library/model.js';
export type { Stoppable } from './library/options.js';
export { train, type Training, type TrainOptions } from './library/train.js';
export { PRESETS } from './options/presets.js';
export {
  type ComputedBy,
  DEFAULTS,
  type Limits,
  type RunOptions,
  type TrainingConfig,
} from './options/train-options.js';
export type { BackendName, Decay, Encoding, Initialization, Preset } from './options/choices.js';
export type { Activations } from './model/reference/activations.js';
export type { OpenCorpus, ReadingProgress, Storage } from './corpus/open-corpus.js';
export type { Vocabulary } from './corpus/vocabulary.js';
export type { SamplingOptions } from './sampling/sampler.js';
export type { Evaluation } from './trainer/evaluate.js';
export type {
  End,
  EndReason,
  Progress,
  Report,
  Sample,
  TrainingEvent,
  Validation,
  ValidationProgress,
} from './trainer/events.js';
export type { HistoryPoint } from './trainer/history.js';
