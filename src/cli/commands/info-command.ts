import type { CommandModule } from 'yargs';
import { flag } from '../grammar/options.js';

const builder = { json: flag({ describe: 'print JSON' }) };

/** `info`: what a checkpoint holds. */
export const infoCommand: CommandModule<object, { checkpoint: string; json?: boolean | undefined }> = {
  command: 'info <checkpoint>',
  describe: 'say what a checkpoint holds',
  builder,
  handler: async ({ checkpoint, json = false }) => {
    const { runInfo } = await import('./info.js');
    await runInfo(checkpoint, json, process.stdout);
  },
};
