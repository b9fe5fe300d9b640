import type { BackendName } from '../options/choices.js';
import type { SamplingOptions } from '../sampling/sampler.js';
import type { ModelSize, PerParameter, TrainingState, WindowSize } from './parameters.js';

/** The shapes and constants that a model is built for. */
export interface ModelConfig extends ModelSize, WindowSize {
  /** Every gradient is clipped to [-gradClip, gradClip], element by element; 0 leaves them as they are. */
  readonly gradClip: number;
  /**
   * An update multiplies the parameters of `DECAYED` by 1 - learning rate x weightDecay before it takes its step off:
   * decoupled weight decay, Loshchilov & Hutter 2019. Without it, or with 0, they stay as they are.
   */
  readonly weightDecay?: number | undefined;
}

/** Loss and unclipped gradients of one window; gradients shaped as the parameters. */
export interface Gradients {
  /** Nats, summed over the window's T steps, averaged over its B streams. */
  loss: number;
  gradients: PerParameter<Float32Array>;
}

/** Sums each stream's loss over windows read one after another, the hidden state carried from each to the next. */
export interface Evaluator {
  /**
   * @param inputs (T, E) symbol indices, time-major, E streams; @param targets (T, E) the symbols that follow;
   * @param weights (T, E) 1 for a prediction that counts, 0 for padding.
   */
  add(inputs: Int32Array, targets: Int32Array, weights: Float32Array): void;
  /** Nats of each stream, summed over its counted predictions so far, (E). */
  totals(): Promise<Float32Array>;
  /** The hidden state that each stream has come to, (E, H). */
  hidden(): Promise<Float32Array>;
  dispose(): void;
}

/** What chance changes in `count` training windows, drawn on the host so that every backend does the same. */
export interface WindowDraws {
  /** (count, B): 0 where a stream's state goes to zeros before a window, else 1; without it none does. */
  readonly kept?: Float32Array | undefined;
  /**
   * (count, H): what each hidden unit's weights to the next time step are multiplied by throughout a window, 0 for a unit
   * that is dropped; without it 1.
   */
  readonly units?: Float32Array | undefined;
}

/** What reading a text with a model as it is takes: its evaluators and the hidden state that training has carried. */
export type ReadableModel = Pick<TrainableModel, 'config' | 'evaluator' | 'readHidden' | 'settle'>;

/** A model being trained on one backend: what the trainer needs and nothing of how it is done. */
export interface TrainableModel {
  readonly backend: BackendName;
  readonly config: ModelConfig;
  /** Whether a call of many windows takes no more preparation and memory than one of one window. */
  readonly inTurns?: boolean;
  /**
   * Trains on `count` windows one after another: one forward and backward sweep and one Adagrad update for each.
   * @param inputs (count, T, B); @param targets (count, T, B), see `Streams.fill`; @param learningRates (count);
   * @param draws what chance changes in these windows; without it nothing.
   */
  train(inputs: Int32Array, targets: Int32Array, learningRates: Float32Array, draws?: WindowDraws): void;
  /** The losses of the windows trained since the last call, in order: nats summed over T, averaged over B. */
  losses(): Promise<Float32Array>;
  /**
   * Only where `train` returns before the device has computed, and reading losses would make it wait: keeps the caller
   * from running far ahead of it.
   */
  readonly settle?: (() => Promise<void>) | undefined;
  /** Sets the hidden state to zeros, as at the start of the data. */
  resetHidden(): void;
  /** Loss and gradients of one window (T, B) from the current state, which stays as it is. */
  gradients(inputs: Int32Array, targets: Int32Array): Promise<Gradients>;
  /** An evaluator of the current parameters in windows of T steps. @param hidden where each stream starts, (E, H). */
  evaluator(hidden: Float32Array, seqLength: number): Evaluator;
  /**
   * Text from the current hidden state of the first stream, which stays as it is: reads `symbol` and generates n more,
   * or as many as there are when the signal comes.
   * @param draws (n), see `textDraws`.
   */
  generate(symbol: number, draws: Float32Array, options: SamplingOptions, signal?: AbortSignal): Promise<number[]>;
  /** A copy of the hidden state, (B, H). */
  readHidden(): Promise<Float32Array>;
  /** A copy of what the model says now: its parameters and hidden state (B, H). */
  readModel(): Promise<Omit<TrainingState, 'memories'>>;
  /** A copy of everything that training changes. */
  read(): Promise<TrainingState>;
  /** Frees all tensors. */
  dispose(): void;
}
