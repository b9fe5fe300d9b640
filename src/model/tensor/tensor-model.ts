import * as tf from '@tensorflow/tfjs-core';
import { generateUntil } from '../../sampling/generate-until.js';
import { PARAMETER_NAMES, type TrainingState } from '../parameters.js';
import { ReferenceSamplingModel } from '../reference/reference-sampling-model.js';
import type { SamplingModel } from '../../sampling/sampling-model.js';
import type { Evaluator, Gradients, ModelConfig, TrainableModel, WindowDraws } from '../trainable-model.js';
import { CompiledFunctions, opByOp, type TensorBackend, type TensorFunction } from './compile.js';
import { TensorGenerator } from './tensor-sampling-model.js';
import { download, PARAMETER_COUNT, upload } from './tensors.js';
import { evaluateWindow, trainWindows, windowGradients } from './windows.js';
import type { BackendName } from '../../options/choices.js';
import type { SamplingOptions } from '../../sampling/sampler.js';

/**
 * The model on a TensorFlow.js backend, whichever is the active one. Parameters are `tf.Variable`s; Adagrad memories
 * and the hidden state are tensors, which each step replaces. A step leaves as many tensors as there were: op by op it
 * runs inside `tf.tidy`; traced it makes no tensors but its results.
 */
export class TensorModel implements TrainableModel {
  readonly #parameters: tf.Variable[];
  #memories: tf.Tensor[];
  #hidden: tf.Tensor2D;
  #losses: tf.Tensor[] = [];
  /** What the model has run so far. */
  readonly functions: CompiledFunctions;

  /**
   * @param state where to start from; copied. @param shards parts that a training window's streams are cut into.
   */
  constructor(
    readonly on: TensorBackend,
    readonly config: ModelConfig,
    state: TrainingState,
    readonly shards = 1,
  ) {
    const tensors = on.run(() => uploadState(state, config));
    this.#parameters = tensors.parameters;
    this.#memories = tensors.memories;
    this.#hidden = tensors.hidden;
    this.functions = new CompiledFunctions(on);
  }

  get backend(): BackendName {
    return this.on.name;
  }

  get inTurns(): boolean {
    return this.on.compile.inTurns ?? false;
  }

  train(inputs: Int32Array, targets: Int32Array, learningRates: Float32Array, draws: WindowDraws = {}): void {
    const windows = learningRates.length;
    const drawn = (['kept', 'units'] as const).filter((name) => draws[name]);
    const name = ['train', windows, ...drawn].join(' ');
    this.on.run(() => {
      const given = [...windowTensors(inputs, targets), tf.tensor1d(learningRates.slice())];
      for (const name of drawn) given.push(tf.tensor1d(Float32Array.from(draws[name] ?? [])));
      this.advance(name, () => trainWindows(this.config, windows, this.shards, drawn), given);
    });
  }

  /** What training changes: 5 parameters, 5 memories, hidden (B, H). The next step replaces them. */
  get state(): tf.Tensor[] {
    return [...this.#parameters, ...this.#memories, this.#hidden];
  }

  /**
   * Takes a step, with the model's backend active: runs (state, given) → (state, losses), whose results are then the model's.
   * @param given disposed of afterwards. @param name, make as of `CompiledFunctions`.
   */
  advance(name: string, make: () => TensorFunction, given: tf.Tensor[]): void {
    const { state } = this;
    const results = this.functions.run(name, make, [...state, ...given], state.length);
    tf.dispose([given, this.#memories, this.#hidden]);
    this.#parameters.forEach((parameter, i) => parameter.assign(results[i]));
    tf.dispose(results.slice(0, PARAMETER_COUNT));
    this.#memories = results.slice(PARAMETER_COUNT, 2 * PARAMETER_COUNT);
    this.#hidden = results[2 * PARAMETER_COUNT] as tf.Tensor2D;
    this.#losses.push(results[2 * PARAMETER_COUNT + 1]);
  }

  async losses(): Promise<Float32Array> {
    const tensors = this.#losses;
    this.#losses = [];
    const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
    tf.dispose(tensors);
    const losses = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const part of values) {
      losses.set(part, end);
      end += part.length;
    }
    return losses;
  }

  resetHidden(): void {
    this.#hidden.dispose();
    this.#hidden = this.on.run(() => tf.zeros(this.#hidden.shape));
  }

  async gradients(inputs: Int32Array, targets: Int32Array): Promise<Gradients> {
    const window = this.on.run(() => windowTensors(inputs, targets));
    const all = [...this.#parameters, this.#hidden, ...window];
    const results = this.functions.run('gradients', () => windowGradients(this.config), all);
    tf.dispose(window);
    const gradients = await download(results.slice(0, PARAMETER_COUNT), this.on.run);
    const [loss] = await results[PARAMETER_COUNT].data<'float32'>();
    tf.dispose(results);
    return { loss, gradients };
  }

  evaluator(hidden: Float32Array, seqLength: number): Evaluator {
    const { hiddenSize: H } = this.config;
    const { run } = this.on;
    const streams = hidden.length / H;
    let carried: tf.Tensor[] = run(() => [tf.tensor2d(hidden.slice(), [streams, H]), tf.zeros([streams])]);
    const read = async (tensor: tf.Tensor) => Float32Array.from(await tensor.data<'float32'>());
    return {
      add: (inputs, targets, weights) => {
        const window = run(() => [...windowTensors(inputs, targets), tf.tensor1d(weights.slice())]);
        const all = [...this.#parameters, ...carried, ...window];
        const next = this.functions.run(`evaluate ${streams} ${seqLength}`, () => evaluateWindow, all);
        tf.dispose([window, carried]);
        carried = next;
      },
      totals: () => read(carried[1]),
      hidden: () => read(carried[0]),
      dispose: () => tf.dispose(carried),
    };
  }

  async generate(
    symbol: number,
    draws: Float32Array,
    options: SamplingOptions,
    signal?: AbortSignal,
  ): Promise<number[]> {
    const model = await this.#samplingModel();
    try {
      return await generateUntil(signal, model, symbol, draws, options);
    } finally {
      model.dispose();
    }
  }

  /** Op by op, plain TypeScript is faster than the calls. */
  async #samplingModel(): Promise<SamplingModel> {
    if (this.on.compile !== opByOp) {
      return new TensorGenerator(this.on, this.#parameters, this.#firstStream(), this.functions);
    }
    const { parameters, hidden } = await this.readModel();
    return new ReferenceSamplingModel(this.config, parameters, hidden);
  }

  async readHidden(): Promise<Float32Array> {
    return Float32Array.from(await this.#hidden.data<'float32'>());
  }

  async readModel(): Promise<Omit<TrainingState, 'memories'>> {
    return { parameters: await download(this.#parameters, this.on.run), hidden: await this.readHidden() };
  }

  async read(): Promise<TrainingState> {
    return { ...(await this.readModel()), memories: await download(this.#memories, this.on.run) };
  }

  dispose(): void {
    this.functions.dispose();
    tf.dispose([this.#parameters, this.#memories, this.#hidden, this.#losses]);
  }

  /** The hidden state of the first stream, (1, H). */
  #firstStream(): tf.Tensor2D {
    return this.on.run(() => tf.slice(this.#hidden, [0, 0], [1, this.config.hiddenSize]));
  }
}

/** The tensors of a state: 5 parameters, as variables, 5 memories, hidden (B, H). */
function uploadState(state: TrainingState, config: ModelConfig) {
  const initial = PARAMETER_NAMES.map((name) => upload(name, state.parameters[name], config));
  const parameters = initial.map((values) => tf.tidy(() => tf.variable(values)));
  tf.dispose(initial);
  const memories = PARAMETER_NAMES.map((name) => upload(name, state.memories[name], config));
  const hidden = tf.tensor2d(state.hidden.slice(), [config.batchSize, config.hiddenSize]);
  return { parameters, memories, hidden };
}

/** Uploads copies: TensorFlow may keep looking at an array that it was given, and callers refill theirs. */
function windowTensors(inputs: Int32Array, targets: Int32Array): tf.Tensor[] {
  return [tf.tensor1d(inputs.slice(), 'int32'), tf.tensor1d(targets.slice(), 'int32')];
}
