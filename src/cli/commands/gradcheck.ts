import type { GradientDifference } from '../../model/reference/gradient-check.js';
import { SAMPLE_OPTIONS } from '../../options/sample-options.js';
import { TRAIN_OPTIONS } from '../../options/train-options.js';
import { EXIT } from '../failure.js';
import { defineCommand } from '../grammar/command.js';

/** Largest relative errors that pass: float64 formulas against differences, float32 backends against float64. */
const TOLERANCES = { float64: 1e-5, float32: 1e-4 };

const SEED = 42;

const options = {
  backend: { ...SAMPLE_OPTIONS.backend, describe: 'whose gradients to check' },
  device: { ...TRAIN_OPTIONS.device, group: undefined },
  seed: { ...TRAIN_OPTIONS.seed, group: undefined, default: SEED, describe: 'of the random model and text' },
} as const;

/** `gradcheck`: prints the largest error of every parameter; the exit code is a fault's where one is too large. */
export const gradcheckCommand = defineCommand(
  'gradcheck',
  "check a backend's gradients against numerical ones",
  options,
  async ({ backend = 'auto', device, seed = SEED }) => {
    const { chooseRuntime } = await import('../../backends/choose.js');
    const { checkGradients } = await import('../../run/gradient-checks.js');
    const out = process.stdout;
    const { runtime } = await chooseRuntime(backend, { device, compile: true });
    let passed = true;
    for (const { config, ...found } of await checkGradients(runtime, seed)) {
      const { batchSize, seqLength, hiddenSize, vocabularySize } = config;
      out.write(`B ${batchSize}, T ${seqLength}, H ${hiddenSize}, V ${vocabularySize}\n`);
      const { float64, float32 } = TOLERANCES;
      const formulas = print(out, 'pure version in float64 against numerical differences', found.formulas, float64);
      const fast = print(out, `${runtime.backend} (${runtime.description}) against it`, found.runtime, float32);
      passed = passed && formulas && fast;
    }
    out.write(passed ? 'all gradients agree\n' : 'gradients DISAGREE: this is a bug\n');
    process.exitCode = passed ? EXIT.done : EXIT.fault;
  },
);

function print(out: NodeJS.WritableStream, title: string, rows: GradientDifference[], tolerance: number): boolean {
  out.write(`  ${title}: relative error must be below ${tolerance}\n`);
  for (const { name, relativeError, index, expected, actual } of rows) {
    const verdict = relativeError < tolerance ? 'ok' : 'WRONG';
    const where = `${name}[${index.join(', ')}]`.padEnd(10);
    out.write(`    ${where} ${relativeError.toExponential(1)}  ${verdict}  (${expected} and ${actual})\n`);
  }
  return rows.every(({ relativeError }) => relativeError < tolerance);
}
