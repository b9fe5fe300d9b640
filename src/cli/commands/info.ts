import { flag } from '../../options/option.js';
import { defineCommand } from '../grammar/command.js';

const options = { json: flag({ describe: 'print JSON' }) };

/** `info`: prints what a checkpoint holds, with its history as a chart. */
export const infoCommand = defineCommand<typeof options, { checkpoint: string }>(
  'info <checkpoint>',
  'say what a checkpoint holds',
  options,
  async ({ checkpoint: path, json }) => {
    const { loadCheckpoint } = await import('../../checkpoint/checkpoint.js');
    const { checkpointJson, checkpointLines } = await import('../display/checkpoint-lines.js');
    const checkpoint = await loadCheckpoint(path);
    process.stdout.write(json ? checkpointJson(checkpoint) : `${checkpointLines(path, checkpoint).join('\n')}\n`);
  },
);
