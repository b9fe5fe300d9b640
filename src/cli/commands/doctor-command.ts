import type { CommandModule } from 'yargs';
import { SPECIFICATION } from '../../options/presets.js';
import { UserError } from '../../errors.js';
import { flag, wholeNumber } from '../grammar/options.js';

const measured = { group: 'The size to measure:' };

const builder = {
  json: flag({ describe: 'print JSON' }),
  bench: flag({
    describe: 'measure every backend at a size, in 20 seconds; --backend auto follows what it finds for that size',
  }),
  'batch-size': wholeNumber('batch-size', {
    ...measured,
    min: 1,
    max: 100_000,
    default: SPECIFICATION.batchSize,
    describe: 'streams of the text trained side by side',
  }),
  'hidden-size': wholeNumber('hidden-size', {
    ...measured,
    min: 1,
    max: 10_000,
    default: SPECIFICATION.hiddenSize,
    describe: 'hidden units',
  }),
  'seq-length': wholeNumber('seq-length', {
    ...measured,
    min: 1,
    max: 100_000,
    default: SPECIFICATION.seqLength,
    describe: 'symbols a window',
  }),
};

interface DoctorArguments {
  json?: boolean | undefined;
  bench?: boolean | undefined;
  batchSize?: number | undefined;
  hiddenSize?: number | undefined;
  seqLength?: number | undefined;
}

/** `doctor`: which backends run here, and for each that does not, why and what to do; or how fast each is. */
export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'say which backends run here, and what to do for those that do not',
  builder,
  handler: async ({ json = false, bench = false, batchSize, hiddenSize, seqLength }) => {
    const given = Object.entries({ batchSize, hiddenSize, seqLength }).filter(([, value]) => value !== undefined);
    if (bench) {
      const { runBench } = await import('./doctor-bench.js');
      return runBench(Object.fromEntries(given), json, process.stdout);
    }
    if (given.length > 0) {
      throw new UserError(
        '--batch-size, --hidden-size and --seq-length must come with --bench, which measures that size',
      );
    }
    const { runDoctor } = await import('./doctor.js');
    await runDoctor(json, process.stdout);
  },
};
