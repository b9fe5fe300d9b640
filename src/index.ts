/**
 * The library: everything that the command line is made of, without its printing.
 * This list is the public interface; what is not here may change at any time.
 */
export { type Choice, chooseRuntime } from './backends/choose.js';
export type { Compile, Compiled, TensorFunction } from './model/tensor/compile.js';
export type { Runtime, RuntimeRequest } from './backends/runtime.js';
export { trace } from './backends/tensorflow/trace.js';
export { type Checkpoint, type CorpusRecord, loadCheckpoint, saveCheckpoint } from './checkpoint/checkpoint.js';
export { PRESETS } from './options/presets.js';
export { type CacheEntry, clearCache, corpusCacheFolder, listCache } from './corpus/cache.js';
export { BUILT_IN_CORPUS, type Corpus, corpusFromBytes } from './corpus/corpus.js';
export {
  MEMORY_LIMIT,
  type OpenCorpus,
  openCorpus,
  type OpenOptions,
  readCorpus,
  type ReadingProgress,
  type Storage,
} from './corpus/open-corpus.js';
export { Streams } from './corpus/streams.js';
export type { SymbolArray, SymbolCursor, SymbolSource } from './corpus/symbols.js';
export { Vocabulary } from './corpus/vocabulary.js';
export { type TrainableModel, type ModelConfig } from './model/trainable-model.js';
export { UserError } from './errors.js';
export { ReferenceSamplingModel } from './model/reference/reference-sampling-model.js';
export { type NativeStatus, nativeStatus } from './native/status.js';
export { setupNative } from './native/setup.js';
export { initialState, type ModelSize, type PerParameter, type TrainingState } from './model/parameters.js';
export { Random } from './sampling/random.js';
export { ReferenceRnn } from './model/reference/rnn.js';
export type { SamplingModel } from './sampling/sampling-model.js';
export { generate, PLAIN_SAMPLING, type SamplingOptions } from './sampling/sampler.js';
export { type Evaluation, evaluate } from './trainer/evaluate.js';
export type { End, Report, Sample, TrainingEvent, Validation } from './trainer/events.js';
export { Trainer, type TrainerOptions, type TrainerParts } from './trainer/trainer.js';
export { type RunOptions, SPECIFICATION, type TrainingConfig } from './options/train-options.js';
export { BACKENDS, type BackendName, type Encoding, type Preset } from './options/choices.js';
export type { RunState, Snapshot } from './trainer/snapshot.js';
