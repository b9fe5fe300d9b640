import type { CommandModule, InferredOptionTypes } from 'yargs';
import { BACKENDS } from '../../model/trainable-model.js';
import { oneOf, text, wholeNumber } from '../grammar/options.js';
import { DEVICES } from './train-command.js';

const builder = {
  backend: oneOf('backend', ['auto', ...BACKENDS], { default: 'auto', describe: 'whose gradients to check' }),
  device: text('device', { describe: DEVICES }),
  seed: wholeNumber('seed', { min: 0, max: 0xffffffff, default: 42, describe: 'of the random model and text' }),
} as const;

/** `gradcheck`: numerical against analytic gradients. */
export const gradcheckCommand: CommandModule<object, InferredOptionTypes<typeof builder>> = {
  command: 'gradcheck',
  describe: "check a backend's gradients against numerical ones",
  builder,
  handler: async ({ backend = 'auto', device, seed = 42 }) => {
    const { runGradcheck } = await import('./gradcheck.js');
    process.exitCode = await runGradcheck({ backend, device, seed }, process.stdout);
  },
};
