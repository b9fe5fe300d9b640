import { text } from '../../options/option.js';
import { TRAIN_OPTIONS, type TrainOptions } from '../../options/train-options.js';
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
  const { RunScreen } = await import('../display/run-screen.js');
  const { runTraining } = await import('../../run/run.js');

  const screen = await RunScreen.open(given, process.stdout);
  const saves = (given.checkpoint ?? given.resume) !== undefined;
  const signals = new EndingSignals(saves, screen.note);
  try {
    const { reading, started, event, warn } = screen;
    const listener = { reading, started, event, warn, takeSaveRequest: () => signals.takeSaveRequest() };
    await screen.end(await runTraining(given, listener, signals.signal));
    return signals.exitCode ?? 0;
  } catch (error) {
    await screen.fail(error);
    throw error;
  } finally {
    screen.close();
    signals.release();
  }
}
