import type { CommandModule } from 'yargs';
import { flag } from './options.js';

const builder = { json: flag({ describe: 'print JSON' }) };

/** `doctor`: which backends run here, and for each that does not, why and what to do. */
export const doctorCommand: CommandModule<object, { json?: boolean | undefined }> = {
  command: 'doctor',
  describe: 'say which backends run here, and what to do for those that do not',
  builder,
  handler: async ({ json = false }) => {
    const { runDoctor } = await import('./doctor.js');
    await runDoctor(json, process.stdout);
  },
};
