import type { CommandModule } from 'yargs';
import { flag } from './options.js';

const builder = {
  force: flag({ describe: 'build it anew, even where it is set up already' }),
};

/** `setup`: brings the native TensorFlow library. */
export const setupCommand: CommandModule<object, { force?: boolean | undefined }> = {
  command: 'setup',
  describe: 'bring the native TensorFlow library, the fastest backend',
  builder,
  handler: async ({ force = false }) => {
    const { runSetup } = await import('./setup.js');
    await runSetup({ force }, process.stdout);
  },
};
