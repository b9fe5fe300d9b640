import { availableParallelism } from 'node:os';
import { flag, text, wholeNumber } from '../../options/option.js';
import { TRAIN_OPTIONS } from '../../options/train-options.js';
import { defineCommand } from '../grammar/command.js';

/** This machine alone reaches it, and an SSH tunnel's end on it. */
const LOOPBACK = '127.0.0.1';

const options = {
  port: wholeNumber({ min: 0, max: 65_535, default: 7077, describe: 'port to listen at; 0: any that is free' }),
  threads: { ...TRAIN_OPTIONS.threads, group: undefined, defaultInWords: 'all', describe: 'threads to compute with' },
  host: text({
    default: LOOPBACK,
    describe: 'address to listen at; at the default, other machines come in through an SSH tunnel only',
  }),
  trustNetwork: flag({
    describe:
      'listen at another address too: whoever reaches it may have this machine compute, without a password, unencrypted',
  }),
} as const;

/** `worker`: computes for the training runs of other machines. */
export const workerCommand = defineCommand(
  'worker',
  "compute a part of other machines' training runs (train --workers), until Ctrl-C",
  options,
  async ({ port = 7077, host = LOOPBACK, threads = availableParallelism(), trustNetwork = false }) => {
    const { listen } = await import('../../cluster/worker.js');
    const { describeListening, describeNews } = await import('../display/worker-lines.js');
    const say = (line: string) => process.stdout.write(`${line}\n`);
    const worker = await listen({ port, host, threads, trustNetwork }, (trainer, news) =>
      say(describeNews(trainer, news)),
    );
    say(describeListening({ host, threads, port: worker.port }));
  },
);
