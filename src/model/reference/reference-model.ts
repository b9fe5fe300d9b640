import type { TrainableModel, ModelConfig, Evaluator, Gradients, WindowDraws } from '../trainable-model.js';
import { ReferenceEvaluator } from './reference-evaluator.js';
import { ReferenceSamplingModel } from './reference-sampling-model.js';
import { perParameter, type TrainingState } from '../parameters.js';
import { generateUntil } from '../../sampling/generate-until.js';
import { ReferenceRnn } from './rnn.js';
import type { SamplingOptions } from '../../sampling/sampler.js';

/** The pure TypeScript version as a training backend: no TensorFlow, no native code, float32. */
export class ReferenceModel implements TrainableModel {
  readonly backend = 'pure';
  readonly #rnn: ReferenceRnn;
  #losses: number[] = [];

  /** @param state where to start from; copied. */
  constructor(
    readonly config: ModelConfig,
    state: TrainingState,
  ) {
    const parameters = perParameter((name) => state.parameters[name].slice());
    const memories = perParameter((name) => state.memories[name].slice());
    this.#rnn = new ReferenceRnn(config, parameters, memories, state.hidden);
  }

  train(inputs: Int32Array, targets: Int32Array, learningRates: Float32Array, draws: WindowDraws = {}): void {
    const { batchSize: B, hiddenSize: H } = this.config;
    const size = inputs.length / learningRates.length;
    learningRates.forEach((learningRate, window) => {
      const x = inputs.subarray(window * size, (window + 1) * size);
      const y = targets.subarray(window * size, (window + 1) * size);
      const units = draws.units?.subarray(window * H, (window + 1) * H);
      if (draws.kept) this.#rnn.keepStreams(draws.kept.subarray(window * B, (window + 1) * B));
      this.#rnn.forward(x, y, units);
      this.#rnn.backward(x, y, units);
      this.#rnn.update(learningRate);
      this.#losses.push(this.#rnn.loss);
    });
  }

  losses(): Promise<Float32Array> {
    const losses = Float32Array.from(this.#losses);
    this.#losses = [];
    return Promise.resolve(losses);
  }

  resetHidden(): void {
    this.#rnn.hiddens.fill(0, 0, this.config.batchSize * this.config.hiddenSize);
  }

  gradients(inputs: Int32Array, targets: Int32Array): Promise<Gradients> {
    this.#rnn.forward(inputs, targets);
    this.#rnn.backward(inputs, targets);
    const gradients = perParameter((name) => Float32Array.from(this.#rnn.gradients[name]));
    return Promise.resolve({ loss: this.#rnn.loss, gradients });
  }

  evaluator(hidden: Float32Array, seqLength: number): Evaluator {
    return new ReferenceEvaluator(this.config, this.#rnn.parameters, hidden, seqLength);
  }

  generate(symbol: number, draws: Float32Array, options: SamplingOptions, signal?: AbortSignal): Promise<number[]> {
    const model = new ReferenceSamplingModel(this.config, this.#rnn.parameters, this.#hidden());
    return generateUntil(signal, model, symbol, draws, options);
  }

  readHidden(): Promise<Float32Array> {
    return Promise.resolve(this.#hidden());
  }

  readModel(): Promise<Omit<TrainingState, 'memories'>> {
    return Promise.resolve({
      parameters: perParameter((name) => Float32Array.from(this.#rnn.parameters[name])),
      hidden: this.#hidden(),
    });
  }

  async read(): Promise<TrainingState> {
    const memories = perParameter((name) => Float32Array.from(this.#rnn.memories[name]));
    return { ...(await this.readModel()), memories };
  }

  dispose(): void {}

  /** A copy of the hidden state, (B, H). */
  #hidden(): Float32Array {
    return Float32Array.from(this.#rnn.hiddens.subarray(0, this.config.batchSize * this.config.hiddenSize));
  }
}
