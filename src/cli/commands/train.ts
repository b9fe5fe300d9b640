import { UserError } from '../../errors.js';
import { text } from '../../options/option.js';
import { TRAIN_OPTIONS, type TrainOptions } from '../../options/train-options.js';
import { SILENT } from '../display/display.js';
import { defineCommand } from '../grammar/command.js';

const options = {
  ...TRAIN_OPTIONS,
  config: text({ describe: 'JSON file with options; those given beside it win' }),
} as const;

/** What `train` is given. */
export type TrainArguments = TrainOptions & { corpus?: string[]; config?: string | undefined };

/** `train`: trains a model and shows it learning. */
export const trainCommand = defineCommand<typeof options, { corpus?: string[] }>(
  'train [corpus..]',
  'train on text files and folders (- is stdin), or without any on the built-in text',
  options,
  async (given) => {
    process.exitCode = await train(given);
  },
);

/** Runs `train` on this terminal. @returns the exit code: 0 at a limit, 128 + n after signal n. @throws UserError */
export async function train(given: TrainArguments): Promise<number> {
  const { EndingSignals } = await import('../ending-signals.js');
  const { chooseDisplay } = await import('../display/choose-display.js');
  const { LongSteps } = await import('../display/long-steps.js');
  const { readingBar } = await import('../display/reading-bar.js');
  const { describeEnd, describeStart, suggestions } = await import('../display/summary.js');
  const { runTraining } = await import('../../run/run.js');

  const { quiet = false, json = false } = given;
  const bar = readingBar(given, process.stdout);
  let display = SILENT;
  const longSteps = new LongSteps();
  const saves = (given.checkpoint ?? given.resume) !== undefined;
  const signals = new EndingSignals(saves, (line) => display.note(line));
  try {
    const outcome = await runTraining(
      given,
      {
        reading: bar.show,
        started: (plan, choice) => {
          bar.close();
          const { windowsPerEpoch } = plan.streams;
          display = chooseDisplay({ quiet, json }, { limits: plan.options, windowsPerEpoch });
          describeStart(plan, choice, given).forEach((line) => display.note(line));
        },
        event: (event) => {
          display.event(event);
          const line = longSteps.lineAfter(event);
          if (line !== undefined) display.note(line);
        },
        takeSaveRequest: () => signals.takeSaveRequest(),
        // Without a display (--quiet), a warning is an error all the same.
        warn: (line) => (quiet ? process.stderr.write(`min-char-rnn: ${line}\n`) : display.note(line)),
      },
      signals.signal,
    );
    display.close();
    if (outcome) {
      describeEnd(outcome).forEach((line) => display.note(line));
      if (outcome.problems.length > 0) throw new UserError(outcome.problems.join('; '));
      suggestions(outcome, given.corpus ?? []).forEach((line) => display.note(line));
    }
    return signals.exitCode ?? 0;
  } finally {
    bar.close();
    display.close();
    signals.release();
  }
}
