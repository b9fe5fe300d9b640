import type { ModelConfig } from '../trainable-model.js';
import {
  PARAMETER_NAMES,
  parameterShapes,
  type ParameterName,
  type PerParameter,
  perParameter,
  sizeOf,
} from '../parameters.js';
import type { Random } from '../../sampling/random.js';
import { ReferenceRnn } from './rnn.js';
import type { FloatArray } from './tiles.js';

/** A model and a window to check gradients on: all sizes differ, so that a transposed axis cannot pass. */
export interface GradientProblem {
  config: ModelConfig;
  parameters: PerParameter<Float64Array>;
  /** (B, H) */
  hidden: Float64Array;
  /** (T B) each, time-major */
  inputs: Int32Array;
  targets: Int32Array;
  /** What each unit's weights to the next time step are multiplied by, (H); without it 1. */
  units?: Float64Array;
}

/** The worst disagreement within one parameter. */
export interface GradientDifference {
  name: ParameterName;
  /** |a - b| / max(|a| + |b|, floor) at its largest. */
  relativeError: number;
  /** Where: row and column, or the one index of a bias. */
  index: readonly number[];
  expected: number;
  actual: number;
}

/** Weights and hidden state around 0.5, so that every term of the gradient counts. */
export function gradientProblem(sizes: Omit<ModelConfig, 'gradClip'>, random: Random): GradientProblem {
  const config = { ...sizes, gradClip: 0 };
  const { batchSize, seqLength, hiddenSize, vocabularySize } = config;
  const shapes = parameterShapes(config);
  const signed = (length: number) => Float64Array.from({ length }, () => Math.fround(random.uniform() - 0.5));
  const symbols = () =>
    Int32Array.from({ length: seqLength * batchSize }, () => Math.floor(random.uniform() * vocabularySize));
  return {
    config,
    parameters: perParameter((name) => signed(sizeOf(shapes[name]))),
    hidden: signed(batchSize * hiddenSize),
    inputs: symbols(),
    targets: symbols(),
  };
}

/** The pure version's gradients in float64. */
export function analyticGradients(problem: GradientProblem): PerParameter<FloatArray> {
  const rnn = float64Rnn(problem);
  const { inputs, targets, units } = problem;
  rnn.forward(inputs, targets, units);
  rnn.backward(inputs, targets, units);
  return rnn.gradients;
}

/** Central differences of the pure version's float64 loss: (loss(p + s) - loss(p - s)) / 2s for each value p. */
export function numericalGradients(problem: GradientProblem, step = 1e-5): PerParameter<Float64Array> {
  const rnn = float64Rnn(problem);
  const lossAt = (values: FloatArray, i: number, value: number) => {
    values[i] = value;
    rnn.forward(problem.inputs, problem.targets, problem.units);
    return rnn.loss;
  };
  return perParameter((name) => {
    const values = rnn.parameters[name];
    return Float64Array.from(values, (value, i) => {
      const difference = lossAt(values, i, value + step) - lossAt(values, i, value - step);
      values[i] = value;
      return difference / (2 * step);
    });
  });
}

function float64Rnn({ config, parameters, hidden }: GradientProblem): ReferenceRnn {
  const memories = perParameter((name) => new Float64Array(parameters[name].length));
  const copies = perParameter((name) => parameters[name].slice());
  return new ReferenceRnn(config, copies, memories, hidden, Float64Array);
}

/**
 * The largest relative difference in each parameter. The floor, a hundredth of the parameter's largest gradient, keeps
 * a difference of two nearly vanishing values from deciding.
 */
export function compareGradients(
  config: ModelConfig,
  expected: PerParameter<ArrayLike<number>>,
  actual: PerParameter<ArrayLike<number>>,
): GradientDifference[] {
  return PARAMETER_NAMES.map((name) => {
    const columns = parameterShapes(config)[name][1];
    const values = Array.from(expected[name]);
    const floor = 0.01 * Math.max(...values.map(Math.abs));
    const errors = values.map((value, i) => {
      const other = actual[name][i];
      const error = Math.abs(value - other) / Math.max(Math.abs(value) + Math.abs(other), floor);
      return Number.isNaN(error) ? Infinity : error;
    });
    const relativeError = Math.max(...errors);
    const worst = errors.indexOf(relativeError);
    const index = columns === undefined ? [worst] : [Math.floor(worst / columns), worst % columns];
    return { name, relativeError, index, expected: values[worst], actual: actual[name][worst] };
  });
}
