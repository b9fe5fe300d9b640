import { readFileSync } from 'node:fs';
import { builtInCorpus, corpusFromBytes } from '../../src/corpus/corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import type { TrainableModel, ModelConfig } from '../../src/model/trainable-model.js';
import { initialState, type ModelSize, perParameter, type TrainingState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import type { FloatArray } from '../../src/model/reference/tiles.js';
import { ReferenceRnn } from '../../src/model/reference/rnn.js';
import type { Initialization } from '../../src/options/choices.js';

const corpus = corpusFromBytes(readFileSync(builtInCorpus()).subarray(0, 4000), 'the built-in text', 'utf-8');

/** A model, the state that it starts from and the text that it learns. */
export interface Problem {
  config: ModelConfig;
  state: TrainingState;
  streams: Streams;
  /** The learning rate of a step. */
  rate: (step: number) => number;
}

interface ProblemOptions extends Partial<ModelConfig> {
  init?: Initialization;
  /** The learning rate, of every step or by the step. */
  rate?: number | ((step: number) => number);
  /** What the initial Why is multiplied by. */
  whyScale?: number;
}

/** A problem on the first 4,000 characters of the built-in text; T = 10 and H = 24 by default. */
export function problem(options: ProblemOptions = {}): Problem {
  const { init = 'paper', rate = 0.01, whyScale = 1, ...sizes } = options;
  const vocabularySize = corpus.vocabulary.size;
  const config = { hiddenSize: 24, seqLength: 10, batchSize: 1, gradClip: 5, vocabularySize, ...sizes };
  const state = initialState(config, config.batchSize, init, new Random(3));
  state.parameters.Why = state.parameters.Why.map((value) => whyScale * value);
  return {
    config,
    state,
    streams: new Streams(corpus.symbols, config.batchSize, config.seqLength, corpus.name),
    rate: typeof rate === 'number' ? () => rate : rate,
  };
}

/** The symbols of `count` windows from `step` on, and their learning rates. */
export function windows({ config, streams, rate }: Problem, step: number, count = 1) {
  const inputs = new Int32Array(count * config.seqLength * config.batchSize);
  const targets = new Int32Array(inputs.length);
  streams.fill(step, count, inputs, targets);
  const rates = Float32Array.from({ length: count }, (_, i) => rate(step + i));
  return { inputs, targets, rates };
}

/** Trains a model as the trainer does, `windowsPerCall` windows at a time; returns the losses of the steps. */
export async function trainModel(
  model: Pick<TrainableModel, 'train' | 'losses' | 'resetHidden'>,
  of: Problem,
  steps: number,
  windowsPerCall = 1,
): Promise<number[]> {
  const epoch = of.streams.windowsPerEpoch;
  for (let step = 0; step < steps;) {
    if (step > 0 && step % epoch === 0) model.resetHidden();
    const count = Math.min(windowsPerCall, steps - step, epoch - (step % epoch));
    const { inputs, targets, rates } = windows(of, step, count);
    model.train(inputs, targets, rates);
    step += count;
  }
  return [...(await model.losses())];
}

/** The float64 reference after `steps` steps: the judge. */
export function trainReference(of: Problem, steps: number): { rnn: ReferenceRnn; losses: number[] } {
  const rnn = float64Reference(of.config, of.state);
  const losses = Array.from({ length: steps }, (_, step) => {
    if (step % of.streams.windowsPerEpoch === 0 && step > 0) rnn.hiddens.fill(0);
    const { inputs, targets, rates } = windows(of, step);
    rnn.forward(inputs, targets);
    rnn.backward(inputs, targets);
    rnn.update(rates[0]);
    return rnn.loss;
  });
  return { rnn, losses };
}

/** The reference in float64, at a state. */
export function float64Reference(config: ModelConfig, { parameters, memories, hidden }: TrainingState): ReferenceRnn {
  const float64 = (values: Float32Array): FloatArray => Float64Array.from(values);
  return new ReferenceRnn(
    config,
    perParameter((name) => float64(parameters[name])),
    perParameter((name) => float64(memories[name])),
    hidden,
    Float64Array,
  );
}

/** Why h_t + by after each of the symbols, read one by one from the state's first stream. */
export function referenceLogits(size: ModelSize, state: TrainingState, symbols: readonly number[]): number[][] {
  const { hiddenSize: H } = size;
  const rnn = float64Reference({ ...size, batchSize: 1, seqLength: 1, gradClip: 0 }, state);
  return symbols.map((symbol) => {
    rnn.forward([symbol], [0]);
    rnn.advance();
    const { Why, by } = rnn.parameters;
    const row = (v: number) => Array.from(Why.subarray(v * H, (v + 1) * H));
    return Array.from(by, (bias, v) => row(v).reduce((sum, weight, h) => sum + weight * rnn.hiddens[h], bias));
  });
}

/** The largest |a - b| / |a| of two lists of losses; infinite where one is longer or not a number. */
export function lossDifference(expected: readonly number[], actual: readonly number[]): number {
  if (expected.length !== actual.length) return Infinity;
  const errors = expected.map((loss, i) => Math.abs(loss - actual[i]) / Math.abs(loss));
  return errors.some(Number.isNaN) ? Infinity : Math.max(...errors);
}

/** The largest |a - b| over an array, as a part of its largest |a|. */
export function arrayDifference(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length) return Infinity;
  const values = Array.from(expected);
  const error = Math.max(...values.map((value, i) => Math.abs(value - actual[i])));
  return Number.isNaN(error) ? Infinity : error / Math.max(...values.map(Math.abs));
}
