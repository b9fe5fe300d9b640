import { availableParallelism } from 'node:os';
import { type Choice, chooseRuntime } from '../backends/choose.js';
import type { WorkSize } from '../backends/memory.js';
import { applySettings, shardCount, SMALLEST_SHARD } from '../backends/tensorflow/threads.js';
import { messageOf, UserError } from '../errors.js';
import type { ModelConfig } from '../model/trainable-model.js';
import type { Division } from '../model/tensor/partial-window.js';
import type { TrainOptions } from '../options/train-options.js';
import { type Address, readAddresses } from './addresses.js';
import { assign, type Member } from './team.js';
import { WorkerLink, WorkerLost } from './worker-link.js';

/** A training window's sizes, all known. */
type Size = WorkSize & Pick<ModelConfig, 'seqLength' | 'vocabularySize'>;

/**
 * Loads TensorFlow here and on the workers that `--workers` names: a runtime whose models train on all of them.
 * @param warn hears, in a line, that a worker is lost.
 * @throws UserError where one of them cannot take part, or the options say something else.
 */
export async function chooseCluster(
  addresses: string,
  request: TrainOptions,
  size: Size,
  warn: (line: string) => void,
): Promise<Choice> {
  requireTensorflow(request);
  const members = await openAll(readAddresses(addresses));
  try {
    return await withMembers(members, request, size, warn);
  } catch (error) {
    members.forEach(({ link }) => link.close());
    throw error;
  }
}

function requireTensorflow({ backend = 'auto', device = 'cpu', compile = true }: TrainOptions): void {
  const wrong =
    backend !== 'auto' && backend !== 'tensorflow'
      ? `--backend ${backend}`
      : device !== 'cpu'
        ? `--device ${device}`
        : compile
          ? undefined
          : '--no-compile';
  if (wrong === undefined) return;
  throw new UserError(
    `--workers must come with the tensorflow backend, traced and on processors, but got ${wrong}; leave one of the two out`,
  );
}

/** Connects to all at once. @throws UserError for the first that cannot be used; the others are let go. */
async function openAll(addresses: readonly Address[]): Promise<Member[]> {
  const opened = await Promise.allSettled(addresses.map((address) => WorkerLink.open(address)));
  const failed = opened.findIndex(({ status }) => status === 'rejected');
  const members = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed < 0) return members;
  members.forEach(({ link }) => link.close());
  throw refused(addresses[failed], (opened[failed] as PromiseRejectedResult).reason);
}

function refused({ name, port }: Address, reason: unknown): Error {
  if (!(reason instanceof WorkerLost)) return reason instanceof Error ? reason : new Error(String(reason));
  return new UserError(
    `--workers must name workers that serve this run, but ${name} does not: ${messageOf(reason)}; ` +
      `start one there with min-char-rnn worker --port ${port}, or leave it out`,
  );
}

async function withMembers(
  members: readonly Member[],
  request: TrainOptions,
  size: Size,
  warn: (line: string) => void,
): Promise<Choice> {
  const ownThreads = request.threads ?? availableParallelism();
  const threads = members.reduce((sum, member) => sum + member.threads, ownThreads);
  const shards = shardCount(size, threads);
  if (shards === 1) throw new UserError(tooSmall(size));
  const oneDnn = size.batchSize > 1;
  applySettings({ intraOpThreads: 1, interOpThreads: ownThreads, oneDnn, reason: 'as on each worker' });
  const wish = { size, device: request.device, threads: request.threads, compile: true };
  const { runtime } = await chooseRuntime('tensorflow', wish);
  await startAll(members, { config: size, shards });
  const { ClusterModel } = await import('./cluster-model.js');
  const { TensorModel } = await import('../model/tensor/tensor-model.js');
  const { trace } = await import('../backends/tensorflow/trace.js');
  const { tensorBackend } = await import('../backends/active-backend.js');
  return {
    runtime: {
      ...runtime,
      description: `${runtime.description}, with ${describeMembers(members, ownThreads, shards)}`,
      createModel: (config, state) =>
        new ClusterModel(
          new TensorModel(tensorBackend('tensorflow', trace), config, state),
          { config, shards },
          { ownThreads, members, warn },
        ),
    },
    reason: `${shards} shards on ${members.length + 1} machines`,
  };
}

function tooSmall({ batchSize, hiddenSize }: Size): string {
  const { streams, product } = SMALLEST_SHARD;
  return (
    `--workers must have shards to share, each of ${streams} streams or more and batch size x hidden size of ${product} ` +
    `or more, but --batch-size ${batchSize} with --hidden-size ${hiddenSize} is one shard; take a larger batch or leave --workers out`
  );
}

async function startAll(members: readonly Member[], division: Division): Promise<void> {
  const oneDnn = process.env.TF_ENABLE_ONEDNN_OPTS !== '0';
  await Promise.all(
    members.map(async ({ link }) => {
      try {
        await link.start(division, oneDnn);
      } catch (error) {
        throw refused(link.address, error);
      }
    }),
  );
}

/** "2 workers: a:7077 computes 4 of 6 shards, b:7077 none" */
function describeMembers(members: readonly Member[], ownThreads: number, shards: number): string {
  const { others } = assign({ shards }, ownThreads, members);
  const parts = members.map((member) => {
    const part = others.find((other) => other.member === member)?.part;
    return `${member.link.address.name} ${part ? part.end - part.first : 0}`;
  });
  return `${members.length === 1 ? 'the worker' : 'the workers'} ${parts.join(', ')} of ${shards} shards`;
}
