import { UserError } from '../../errors.js';
import { flag } from '../../options/option.js';
import { TRAIN_OPTIONS } from '../../options/train-options.js';
import { defineCommand } from '../grammar/command.js';

const measured = { group: 'The size to measure:' };

const options = {
  json: flag({ describe: 'print JSON' }),
  bench: flag({
    describe: 'measure every backend at a size, in 20 seconds; --backend auto follows what it finds for that size',
  }),
  batchSize: { ...TRAIN_OPTIONS.batchSize, ...measured },
  hiddenSize: { ...TRAIN_OPTIONS.hiddenSize, ...measured },
  seqLength: { ...TRAIN_OPTIONS.seqLength, ...measured, describe: 'symbols a window' },
} as const;

/** `doctor`: which backends run here, and for each that does not, why and what to do; or how fast each is. */
export const doctorCommand = defineCommand(
  'doctor',
  'say which backends run here, and what to do for those that do not',
  options,
  async ({ json = false, bench = false, batchSize, hiddenSize, seqLength }) => {
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
    const { diagnose } = await import('../../run/diagnosis.js');
    const { diagnosisLines } = await import('../display/diagnosis-lines.js');
    const diagnosis = await diagnose();
    process.stdout.write(
      json ? `${JSON.stringify(diagnosis, null, 2)}\n` : `${diagnosisLines(diagnosis).join('\n')}\n`,
    );
  },
);
