import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { tensorBackend } from '../../src/backends/active-backend.js';
import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { trace } from '../../src/backends/tensorflow/trace.js';
import { ClusterModel } from '../../src/cluster/cluster-model.js';
import { WorkerLink } from '../../src/cluster/worker-link.js';
import { TensorModel } from '../../src/model/tensor/tensor-model.js';
import { describeBackend } from '../model/describe-backend.js';
import { problem, type Problem, windows } from '../model/problem.js';
import { startWorker } from './workers.js';

const SHARDS = 2;
const settings = { compile: true, threads: 1, size: { batchSize: 64, hiddenSize: 512 } };

function train(model: Pick<TensorModel, 'train'>, of: Problem, step: number): void {
  const { inputs, targets, rates } = windows(of, step);
  model.train(inputs, targets, rates);
}

/** Changes a weight behind the back of all who have a copy. */
const disturb = ([Wxh]: tf.Tensor[]) => tf.tidy(() => void (Wxh as tf.Variable).assign(tf.mul(Wxh, 1.5)));

await describeBackend('a model on several machines', loadTensorflow, settings, () => {
  it('sends its workers the weights again after some windows, and not before', async () => {
    const of = problem({ batchSize: 4 });
    const modelOf = (shards = 1) => new TensorModel(tensorBackend('tensorflow', trace), of.config, of.state, shards);
    const { port } = await startWorker('--threads', '1');
    const { link, threads } = await WorkerLink.open({ host: '127.0.0.1', port, name: 'worker' });
    const division = { config: of.config, shards: SHARDS };
    await link.start(division, process.env.TF_ENABLE_ONEDNN_OPTS !== '0');
    const inner = modelOf();
    const warn = (line: string) => expect.fail(line);
    const cluster = new ClusterModel(inner, division, { ownThreads: 1, members: [{ link, threads }], warn }, 2);
    const judge = modelOf(SHARDS);
    const disturbAt = async (step: number) => {
      train(cluster, of, step);
      train(judge, of, step);
      await cluster.settle();
      disturb(inner.state);
      disturb(judge.state);
    };
    await disturbAt(0);
    await disturbAt(1);
    // The worker has not seen the first disturbance, so the second window was not the same; the next is.
    expect(await cluster.read()).not.toEqual(await judge.read());
    const state = await cluster.read();
    const fresh = new TensorModel(tensorBackend('tensorflow', trace), of.config, state, SHARDS);
    train(cluster, of, 2);
    train(fresh, of, 2);
    expect(await cluster.read()).toEqual(await fresh.read());
    for (const model of [cluster, judge, fresh]) model.dispose();
  });
});
