import type { TrainableModel, ModelConfig } from '../model/trainable-model.js';
import type { ModelSize, PerParameter, TrainingState } from '../model/parameters.js';
import type { SamplingModel } from '../sampling/sampling-model.js';
import type { BackendName } from '../options/choices.js';
import type { WorkSize } from './memory.js';

/** What a runtime is asked for before it loads. */
export interface RuntimeRequest {
  /** What is to be computed, which decides threads, kernels and whether memory suffices; without it, settings for a small model. */
  size?: WorkSize | undefined;
  /** Threads inside an op; without it, chosen by the size. */
  threads?: number | undefined;
  /** What to compute on, in the backend's own terms; without it, the backend's own choice. tensorflow: `cpu`, `gpu`,
   * `auto`; webgpu: those, or a part of a graphics adapter's name. */
  device?: string | undefined;
  /** Trace the training step into one graph where the backend can; otherwise it runs op by op. */
  compile: boolean;
}

/** A loaded runtime: makes models. */
export interface Runtime {
  readonly backend: BackendName;
  /** Name, version and manner in a few words: "TensorFlow 2.19.0, traced, 1 thread". */
  readonly description: string;
  /** Version of the library that computes. */
  readonly version: string;
  /** The device that was asked for and is computed on, where that is not the CPU. */
  readonly device?: string | undefined;
  createModel(config: ModelConfig, state: TrainingState): TrainableModel;
  /** A model to generate text with. @param hidden (H) the state to start from; copied. */
  createSamplingModel(size: ModelSize, parameters: PerParameter<Float32Array>, hidden: Float32Array): SamplingModel;
}

/** A backend that cannot run here: the reason and what to do. */
export interface Unavailable {
  readonly backend: BackendName;
  /** Why not, and what to do about it, on one line. */
  readonly reason: string;
}

/** Loads a runtime, or says why it cannot run here; missing hardware or libraries make it throw nothing. */
export type RuntimeLoader = (request: RuntimeRequest) => Promise<Runtime | Unavailable>;

/** Whether a loader's answer is a reason instead of a runtime. */
export function isUnavailable(loaded: Runtime | Unavailable): loaded is Unavailable {
  return 'reason' in loaded;
}

/** Whether an import failed because its package is not installed. */
export function isNotInstalled(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
