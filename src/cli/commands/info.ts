import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { UserError } from '../../errors.js';
import { flag } from '../../options/option.js';
import type { TextStarts } from '../../run/evaluation.js';
import { defineCommand } from '../grammar/command.js';

const options = { json: flag({ describe: 'print JSON' }) };

/** `info`: prints what a checkpoint holds, with its history as a chart, and how well its model starts on a text. */
export const infoCommand = defineCommand<typeof options, { checkpoint: string; corpus: string[] }>(
  'info <checkpoint> [corpus..]',
  'say what a checkpoint holds; with a text, from how many places the model starts badly on it',
  options,
  async ({ checkpoint: path, corpus, json }) => {
    const { loadCheckpoint } = await import('../../checkpoint/checkpoint.js');
    const { checkpointJson, checkpointLines } = await import('../display/checkpoint-lines.js');
    const checkpoint = await loadCheckpoint(path);
    const starts = corpus.length > 0 ? await startsOn(checkpoint, corpus) : undefined;
    if (json) {
      process.stdout.write(checkpointJson(checkpoint, starts));
      return;
    }
    const { describeStarts } = await import('../display/summary.js');
    const lines = [...checkpointLines(path, checkpoint), ...(starts ? ['', describeStarts(starts)] : [])];
    process.stdout.write(`${lines.join('\n')}\n`);
  },
);

async function startsOn(checkpoint: Checkpoint, corpus: readonly string[]): Promise<TextStarts> {
  const { countStarts } = await import('../../run/evaluation.js');
  const starts = await countStarts(checkpoint, corpus);
  if (starts) return starts;
  throw new UserError(
    'a text must have more than 400 symbols for starts to be counted, but has fewer; use a longer one',
  );
}
