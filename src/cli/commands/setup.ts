import { UserError } from '../../errors.js';
import { flag } from '../../options/option.js';
import { defineCommand } from '../grammar/command.js';

const options = {
  gpu: flag({ describe: 'set up TensorFlow with CUDA for an NVIDIA card (2.5 GB), beside the plain one' }),
  clean: flag({ describe: 'only remove what other versions of this program have set up' }),
  remove: flag({ describe: 'only remove everything that was set up, of every version' }),
  force: flag({ describe: 'build it again, even where it is set up already' }),
} as const;

/** `setup`: installs the native TensorFlow library. */
export const setupCommand = defineCommand(
  'setup',
  'install the native TensorFlow library, the fastest backend for all but small models',
  options,
  async ({ gpu = false, clean = false, remove = false, force = false }) => {
    const { runClean, runSetup } = await import('../display/setup-screen.js');
    if (!clean && !remove) return runSetup({ force, device: gpu ? 'gpu' : 'cpu' }, process.stdout);
    if ([gpu, clean, remove, force].filter(Boolean).length > 1) {
      const name = remove ? '--remove' : '--clean';
      throw new UserError(`${name} must come alone, because it sets nothing up; leave the others out`);
    }
    await runClean(remove ? 'all' : 'others', process.stdout);
  },
);
