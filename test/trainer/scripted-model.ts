import type { Runtime } from '../../src/backends/runtime.js';
import type { TrainableModel, ModelConfig } from '../../src/model/trainable-model.js';
import type { TrainingState } from '../../src/model/parameters.js';
import { perParameter } from '../../src/model/parameters.js';

/** What a model says instead of computing. */
export interface Script {
  /** Loss of the window of a step, counted from 0. */
  loss?: (step: number) => number;
  /** Nats a symbol of the n-th validation, counted from 0. */
  validation?: (n: number) => number;
  /** A weight as it is after so many steps. */
  weight?: (steps: number) => number;
  /** Called before each window. */
  onWindow?: (step: number) => void;
  /** Called after each window of a validation. */
  onEvaluated?: () => void;
}

/** A runtime whose models follow a script: the training loop alone is under test. */
export function scripted(script: Script): Pick<Runtime, 'createModel'> {
  return { createModel: (config, state) => new ScriptedModel(config, state, script) };
}

class ScriptedModel implements TrainableModel {
  readonly backend = 'pure';
  #step = 0;
  #losses: number[] = [];
  #validations = 0;

  constructor(
    readonly config: ModelConfig,
    readonly state: TrainingState,
    readonly script: Script,
  ) {}

  train(_inputs: Int32Array, _targets: Int32Array, learningRates: Float32Array): void {
    learningRates.forEach(() => {
      this.script.onWindow?.(this.#step);
      this.#losses.push(this.script.loss?.(this.#step) ?? 1);
      this.#step++;
    });
  }

  losses() {
    const losses = Float32Array.from(this.#losses);
    this.#losses = [];
    return Promise.resolve(losses);
  }

  evaluator(hidden: Float32Array) {
    let predictions = 0;
    // Of several streams, candidates for a start are tried; a validation of a short text has one.
    const isTrial = hidden.length > this.config.hiddenSize;
    const nats = isTrial ? 1 : (this.script.validation?.(this.#validations++) ?? 1);
    return {
      add: (_inputs: Int32Array, _targets: Int32Array, weights: Float32Array) => {
        predictions += weights.reduce((sum, weight) => sum + weight, 0);
        if (!isTrial) this.script.onEvaluated?.();
      },
      totals: () => Promise.resolve(Float32Array.of(nats * predictions)),
      hidden: () => Promise.resolve(hidden),
      dispose() {},
    };
  }

  readHidden(): Promise<Float32Array> {
    return Promise.resolve(this.state.hidden.slice());
  }

  read(): Promise<TrainingState> {
    const weight = this.script.weight?.(this.#step);
    const copy = (values: Float32Array) => (weight === undefined ? values.slice() : values.map(() => weight));
    return Promise.resolve({
      parameters: perParameter((name) => copy(this.state.parameters[name])),
      memories: perParameter((name) => this.state.memories[name].slice()),
      hidden: this.state.hidden.slice(),
    });
  }

  readModel() {
    return this.read();
  }

  generate(symbol: number, draws: Float32Array): Promise<number[]> {
    const choice = (draw: number) => (symbol + Math.floor(1000 * draw)) % this.config.vocabularySize;
    return Promise.resolve(Array.from(draws, choice));
  }

  gradients(): Promise<never> {
    return Promise.reject(new Error('a scripted model has no gradients'));
  }

  resetHidden(): void {}

  dispose(): void {}
}
