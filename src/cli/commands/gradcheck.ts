import type { Runtime } from '../../backends/runtime.js';
import { SAMPLE_OPTIONS } from '../../options/sample-options.js';
import { TRAIN_OPTIONS } from '../../options/train-options.js';
import { defineCommand } from '../grammar/command.js';
import {
  analyticGradients,
  compareGradients,
  gradientProblem,
  type GradientDifference,
  numericalGradients,
} from '../../model/reference/gradient-check.js';
import { perParameter } from '../../model/parameters.js';
import { Random } from '../../sampling/random.js';
import { EXIT } from '../failure.js';

/** Sizes of the checked model: all different, and one window of a single step. */
const SIZES = [
  { batchSize: 3, seqLength: 6, hiddenSize: 7, vocabularySize: 5 },
  { batchSize: 2, seqLength: 1, hiddenSize: 5, vocabularySize: 4 },
];

/** Largest relative errors that pass: float64 formulas against differences, float32 backends against float64. */
const TOLERANCES = { float64: 1e-5, float32: 1e-4 };

const options = {
  backend: { ...SAMPLE_OPTIONS.backend, describe: 'whose gradients to check' },
  device: { ...TRAIN_OPTIONS.device, group: undefined },
  seed: { ...TRAIN_OPTIONS.seed, group: undefined, describe: 'of the random model and text' },
} as const;

/** `gradcheck`: prints the largest error of every parameter; the exit code is a fault's where one is too large. */
export const gradcheckCommand = defineCommand(
  'gradcheck',
  "check a backend's gradients against numerical ones",
  options,
  async ({ backend = 'auto', device, seed = options.seed.default ?? 0 }) => {
    const { chooseRuntime } = await import('../../backends/choose.js');
    const { runtime } = await chooseRuntime(backend, { device, compile: true });
    process.exitCode = await checkGradients(runtime, seed, process.stdout);
  },
);

async function checkGradients(runtime: Runtime, seed: number, out: NodeJS.WritableStream): Promise<number> {
  const random = new Random(seed);
  let passed = true;
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
    const { batchSize, seqLength, hiddenSize, vocabularySize } = sizes;
    out.write(`B ${batchSize}, T ${seqLength}, H ${hiddenSize}, V ${vocabularySize}\n`);
    const formulas = compareGradients(config, numericalGradients(problem), analytic);
    passed =
      print(out, 'pure version in float64 against numerical differences', formulas, TOLERANCES.float64) && passed;
    const fast = compareGradients(config, analytic, gradients);
    passed = print(out, `${runtime.backend} (${runtime.description}) against it`, fast, TOLERANCES.float32) && passed;
  }
  out.write(passed ? 'all gradients agree\n' : 'gradients DISAGREE: this is a bug\n');
  return passed ? EXIT.done : EXIT.fault;
}

function print(out: NodeJS.WritableStream, title: string, rows: GradientDifference[], tolerance: number): boolean {
  out.write(`  ${title}: relative error must be below ${tolerance}\n`);
  for (const { name, relativeError, index, expected, actual } of rows) {
    const verdict = relativeError < tolerance ? 'ok' : 'WRONG';
    const where = `${name}[${index.join(', ')}]`.padEnd(10);
    out.write(`    ${where} ${relativeError.toExponential(1)}  ${verdict}  (${expected} and ${actual})\n`);
  }
  return rows.every(({ relativeError }) => relativeError < tolerance);
}
