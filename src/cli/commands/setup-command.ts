import type { CommandModule } from 'yargs';
import { UserError } from '../../errors.js';
import { flag } from '../grammar/options.js';

const builder = {
  gpu: flag({ describe: 'bring TensorFlow with CUDA for an NVIDIA card (2.5 GB), beside the plain one' }),
  clean: flag({ describe: 'only remove what older versions of this program have set up' }),
  force: flag({ describe: 'build it anew, even where it is set up already' }),
};

interface SetupArguments {
  gpu?: boolean | undefined;
  clean?: boolean | undefined;
  force?: boolean | undefined;
}

/** `setup`: brings the native TensorFlow library. */
export const setupCommand: CommandModule<object, SetupArguments> = {
  command: 'setup',
  describe: 'bring the native TensorFlow library, the fastest backend for all but small models',
  builder,
  handler: async ({ gpu = false, clean = false, force = false }) => {
    const { runClean, runSetup } = await import('./setup.js');
    if (!clean) return runSetup({ force, device: gpu ? 'gpu' : 'cpu' }, process.stdout);
    if (gpu || force) throw new UserError('--clean must come alone, because it sets nothing up; leave the others out');
    await runClean(process.stdout);
  },
};
