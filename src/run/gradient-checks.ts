import type { Runtime } from '../backends/runtime.js';
import { perParameter } from '../model/parameters.js';
import {
  analyticGradients,
  compareGradients,
  gradientProblem,
  type GradientDifference,
  numericalGradients,
} from '../model/reference/gradient-check.js';
import type { ModelConfig } from '../model/trainable-model.js';
import { Random } from '../sampling/random.js';

/** Sizes of the checked model: all different, and one window of a single step. */
const SIZES = [
  { batchSize: 3, seqLength: 6, hiddenSize: 7, vocabularySize: 5 },
  { batchSize: 2, seqLength: 1, hiddenSize: 5, vocabularySize: 4 },
];

/** What a model of one size gave: the formulas in float64 against differences, and the runtime in float32 against those. */
export interface GradientCheck {
  config: ModelConfig;
  formulas: GradientDifference[];
  runtime: GradientDifference[];
}

/** Compares a runtime's gradients with the pure version's, and those with numerical ones, on random models. */
export async function checkGradients(runtime: Runtime, seed: number): Promise<GradientCheck[]> {
  const random = new Random(seed);
  const checks: GradientCheck[] = [];
  for (const sizes of SIZES) {
    const problem = gradientProblem(sizes, random);
    const { config, inputs, targets } = problem;
    const analytic = analyticGradients(problem);
    const model = runtime.createModel(config, {
      parameters: perParameter((name) => Float32Array.from(problem.parameters[name])),
      memories: perParameter((name) => new Float32Array(problem.parameters[name].length)),
      hidden: Float32Array.from(problem.hidden),
    });
    const { gradients } = await model.gradients(inputs, targets);
    model.dispose();
    checks.push({
      config,
      formulas: compareGradients(config, numericalGradients(problem), analytic),
      runtime: compareGradients(config, analytic, gradients),
    });
  }
  return checks;
}
