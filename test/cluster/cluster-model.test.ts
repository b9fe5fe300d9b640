import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { tensorBackend } from '../../src/backends/active-backend.js';
import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { trace } from '../../src/backends/tensorflow/trace.js';
import { ClusterModel } from '../../src/cluster/cluster-model.js';
import { FRAME } from '../../src/cluster/frames.js';
import { WorkerLink } from '../../src/cluster/worker-link.js';
import { TensorModel } from '../../src/model/tensor/tensor-model.js';
import type { WindowDraws } from '../../src/model/trainable-model.js';
import { describeBackend } from '../model/describe-backend.js';
import { problem, type Problem, windows } from '../model/problem.js';
import { startWorker } from './workers.js';

const SHARDS = 2;
const settings = { compile: true, threads: 1, size: { batchSize: 64, hiddenSize: 512 } };

function train(model: Pick<TensorModel, 'train'>, of: Problem, step: number, draws?: WindowDraws): void {
  const { inputs, targets, rates } = windows(of, step);
  model.train(inputs, targets, rates, draws);
}

/** Changes a weight behind the back of all who have a copy. */
const disturb = ([Wxh]: tf.Tensor[]) => tf.tidy(() => void (Wxh as tf.Variable).assign(tf.mul(Wxh, 1.5)));

const modelOf = (of: Problem, shards = 1, state = of.state) =>
  new TensorModel(tensorBackend('tensorflow', trace), of.config, state, shards);

/** A model of two shards, one of them computed by a worker, and the model here that it stands on. */
async function startCluster(of: Problem, refresh?: number) {
  const { port } = await startWorker('--threads', '1');
  const { link, threads } = await WorkerLink.open({ host: '127.0.0.1', port, name: 'worker' });
  const division = { config: of.config, shards: SHARDS };
  await link.start(division, process.env.TF_ENABLE_ONEDNN_OPTS !== '0');
  const inner = modelOf(of);
  const warn = (line: string) => expect.fail(line);
  const cluster = new ClusterModel(inner, division, { ownThreads: 1, members: [{ link, threads }], warn }, refresh);
  return { cluster, inner, link };
}

await describeBackend('a model on several machines', loadTensorflow, settings, () => {
  it('sends its workers the weights again after some windows, and not before', async () => {
    const of = problem({ batchSize: 4 });
    const { cluster, inner } = await startCluster(of, 2);
    const judge = modelOf(of, SHARDS);
    const disturbAt = async (step: number) => {
      train(cluster, of, step);
      train(judge, of, step);
      await cluster.losses();
      disturb(inner.state);
      disturb(judge.state);
    };
    await disturbAt(0);
    await disturbAt(1);
    // The worker has not seen the first disturbance, so the second window was not the same; the next is.
    expect(await cluster.read()).not.toEqual(await judge.read());
    const fresh = modelOf(of, SHARDS, await cluster.read());
    train(cluster, of, 2);
    train(fresh, of, 2);
    expect(await cluster.read()).toEqual(await fresh.read());
    for (const model of [cluster, judge, fresh]) model.dispose();
  });

  it('asks for a window before the one before it is done, and learns the same', async () => {
    const of = problem({ batchSize: 4 });
    const { cluster, inner, link } = await startCluster(of);
    const judge = modelOf(of, SHARDS);
    const [send, advance] = [vi.spyOn(link, 'send'), vi.spyOn(inner, 'advance')];
    const draws = { kept: Float32Array.of(1, 0, 0, 1), units: Float32Array.from({ length: 24 }, (_, i) => i % 2) };
    for (let step = 0; step < 8; step++) {
      for (const model of [cluster, judge]) {
        // A window that starts from zeros waits for the one before it.
        if (step === 5) model.resetHidden();
        train(model, of, step, step === 3 ? draws : undefined);
      }
      await cluster.settle();
    }
    expect(await cluster.losses()).toEqual(await judge.losses());
    expect(await cluster.read()).toEqual(await judge.read());
    const nameOf = (kind: number) => Object.entries(FRAME).find(([, value]) => value === kind)?.[0];
    const happened = [
      ...send.mock.calls.map(([kind], i) => ({ what: nameOf(kind), order: send.mock.invocationCallOrder[i] })),
      ...advance.mock.invocationCallOrder.map((order) => ({ what: 'update', order })),
    ].sort((a, b) => a.order - b.order);
    const [ahead, last] = ['rest work update', 'rest update'];
    const five = ['state work', ahead, ahead, ahead, ahead, last];
    expect(happened.map(({ what }) => what).join(' ')).toBe([...five, 'work', ahead, ahead, last].join(' '));
    for (const model of [cluster, judge]) model.dispose();
  });
});
