import * as tf from '@tensorflow/tfjs-core';
import { type Compile, type Compiled, opByOp } from './compile.js';
import type { TrainableModel, ModelConfig, Evaluator, Gradients } from '../trainable-model.js';
import { Pauses } from '../../system/pauses.js';
import { ReferenceSamplingModel } from '../reference/reference-sampling-model.js';
import { PARAMETER_NAMES, type TrainingState } from '../parameters.js';
import { CHUNK, generateUntil } from '../../sampling/sampler.js';
import { generateChunk, paddedNoise } from './tensor-sampling-model.js';
import { download, upload } from './tensors.js';
import { evaluateWindow, PARAMETER_COUNT, type TensorFunction, trainWindows, windowGradients } from './train-step.js';
import type { BackendName } from '../../options/choices.js';

/**
 * The model on a TensorFlow.js backend, which must be the active one. Parameters are `tf.Variable`s; Adagrad memories
 * and the hidden state are tensors. Every step runs inside `tf.tidy` and leaves the tensor count as it was.
 */
export class TensorModel implements TrainableModel {
  readonly #parameters: tf.Variable[];
  #memories: tf.Tensor[];
  #hidden: tf.Tensor;
  #losses: tf.Tensor[] = [];
  readonly #compiled = new Map<string, Compiled>();

  /**
   * @param state where to start from; copied. @param compile how the backend makes a function ready to run.
   * @param shards parts that a training window's streams are cut into.
   */
  constructor(
    readonly backend: BackendName,
    readonly config: ModelConfig,
    state: TrainingState,
    readonly compile: Compile,
    readonly shards = 1,
  ) {
    const parameters = PARAMETER_NAMES.map((name) => upload(name, state.parameters[name], config));
    this.#parameters = parameters.map((initial) => tf.tidy(() => tf.variable(initial)));
    tf.dispose(parameters);
    this.#memories = PARAMETER_NAMES.map((name) => upload(name, state.memories[name], config));
    this.#hidden = tf.tensor2d(state.hidden.slice(), [config.batchSize, config.hiddenSize]);
  }

  train(inputs: Int32Array, targets: Int32Array, learningRates: Float32Array): void {
    const windows = learningRates.length;
    const arguments_ = [...this.#windowTensors(inputs, targets), tf.tensor1d(learningRates.slice())];
    const state = [...this.#parameters, ...this.#memories, this.#hidden];
    const step = this.#ready(`train ${windows}`, () => trainWindows(this.config, windows, this.shards), [
      ...state,
      ...arguments_,
    ]);
    const results = step.run([...state, ...arguments_]);
    tf.dispose([arguments_, this.#memories, this.#hidden]);
    this.#parameters.forEach((parameter, i) => parameter.assign(results[i]));
    tf.dispose(results.slice(0, PARAMETER_COUNT));
    this.#memories = results.slice(PARAMETER_COUNT, 2 * PARAMETER_COUNT);
    this.#hidden = results[2 * PARAMETER_COUNT];
    this.#losses.push(results[2 * PARAMETER_COUNT + 1]);
  }

  async losses(): Promise<Float32Array> {
    const tensors = this.#losses;
    this.#losses = [];
    const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
    tf.dispose(tensors);
    return Float32Array.from(values.flatMap((losses) => [...losses]));
  }

  resetHidden(): void {
    this.#hidden.dispose();
    this.#hidden = tf.zeros(this.#hidden.shape);
  }

  async gradients(inputs: Int32Array, targets: Int32Array): Promise<Gradients> {
    const arguments_ = [...this.#parameters, this.#hidden, ...this.#windowTensors(inputs, targets)];
    const results = this.#ready('gradients', () => windowGradients(this.config), arguments_).run(arguments_);
    tf.dispose(arguments_.slice(PARAMETER_COUNT + 1));
    const gradients = await download(results.slice(0, PARAMETER_COUNT));
    const [loss] = await results[PARAMETER_COUNT].data<'float32'>();
    tf.dispose(results);
    return { loss, gradients };
  }

  evaluator(streams: number, seqLength: number): Evaluator {
    const { hiddenSize: H } = this.config;
    const first = tf.tidy(() => tf.add(tf.zeros([streams, H]), tf.slice(this.#hidden as tf.Tensor2D, [0, 0], [1, H])));
    let carried: tf.Tensor[] = [first, tf.scalar(0)];
    return {
      add: (inputs, targets, weights) => {
        const window = [...this.#windowTensors(inputs, targets), tf.tensor1d(weights.slice())];
        const arguments_ = [...this.#parameters, ...carried, ...window];
        const next = this.#ready(`evaluate ${streams} ${seqLength}`, evaluateWindow, arguments_).run(arguments_);
        tf.dispose([window, carried]);
        carried = next;
      },
      total: async () => (await carried[1].data<'float32'>())[0],
      dispose: () => tf.dispose(carried),
    };
  }

  async generate(symbol: number, noise: Float32Array, signal?: AbortSignal): Promise<number[]> {
    // Op by op, plain TypeScript is faster than the calls.
    if (this.compile === opByOp) {
      const { parameters, hidden } = await this.readModel();
      return generateUntil(signal, new ReferenceSamplingModel(this.config, parameters, hidden), symbol, noise);
    }
    const { hiddenSize: H, vocabularySize: V } = this.config;
    const symbols: number[] = [];
    const pauses = new Pauses();
    let hidden: tf.Tensor = tf.slice(this.#hidden as tf.Tensor2D, [0, 0], [1, H]);
    while (symbols.length * V < noise.length) {
      const part = noise.subarray(symbols.length * V, (symbols.length + CHUNK) * V);
      const inputs = [
        hidden,
        tf.tensor1d([symbols.at(-1) ?? symbol], 'int32'),
        tf.tensor2d(paddedNoise(part, V), [CHUNK, V]),
      ];
      const arguments_ = [...this.#parameters, ...inputs];
      const [hiddens, drawn] = this.#ready('generate', () => generateChunk, arguments_).run(arguments_);
      symbols.push(...(await drawn.data<'int32'>()).subarray(0, part.length / V));
      hidden = tf.slice(hiddens as tf.Tensor2D, [CHUNK - 1, 0], [1, H]);
      tf.dispose([inputs, hiddens, drawn]);
      if (!pauses.isDue) continue;
      await pauses.pause();
      if (signal?.aborted) break;
    }
    hidden.dispose();
    return symbols;
  }

  async readModel(): Promise<Omit<TrainingState, 'memories'>> {
    return {
      parameters: await download(this.#parameters),
      hidden: Float32Array.from(await this.#hidden.data<'float32'>()),
    };
  }

  async read(): Promise<TrainingState> {
    return { ...(await this.readModel()), memories: await download(this.#memories) };
  }

  dispose(): void {
    this.#compiled.forEach((compiled) => compiled.dispose());
    this.#compiled.clear();
    tf.dispose([this.#parameters, this.#memories, this.#hidden, this.#losses]);
  }

  /** Uploads copies: TensorFlow may keep looking at an array that it was given, and callers refill theirs. */
  #windowTensors(inputs: Int32Array, targets: Int32Array): tf.Tensor[] {
    return [tf.tensor1d(inputs.slice(), 'int32'), tf.tensor1d(targets.slice(), 'int32')];
  }

  #ready(key: string, make: () => TensorFunction, examples: tf.Tensor[]): Compiled {
    const known = this.#compiled.get(key);
    if (known) return known;
    const compiled = this.compile(make(), examples);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}
