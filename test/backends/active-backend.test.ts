import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { runOn, tensorBackend } from '../../src/backends/active-backend.js';
import { LOADERS } from '../../src/backends/choose.js';
import { isUnavailable, type Runtime } from '../../src/backends/runtime.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { withoutTensorflow } from '../cli/processes.js';
import { trainModel, windows } from '../model/problem.js';
import { PLAIN_SAMPLING } from '../../src/sampling/sampler.js';
import { DRAWS, evaluate, small } from '../model/small-problem.js';

async function runtimeOf(backend: 'tensorflow' | 'wasm', compile: boolean): Promise<Runtime> {
  const loaded = await LOADERS[backend]({ compile });
  if (isUnavailable(loaded)) throw new Error(loaded.reason);
  return loaded;
}

/** All that a model can be asked for, each time after another step. */
async function answersOf(model: TrainableModel): Promise<object[]> {
  const { inputs, targets } = windows(small, 0);
  const questions = [
    () => model.gradients(inputs, targets),
    () => evaluate(model),
    () => model.generate(3, DRAWS, PLAIN_SAMPLING),
    () => model.readModel(),
    () => model.read(),
  ];
  const answers: object[] = [];
  for (const ask of questions) {
    answers.push(await trainModel(model, small, 2), await ask());
    model.resetHidden();
  }
  model.dispose();
  return answers;
}

describe('models on several backends', () => {
  const of = withoutTensorflow.skip ? (['wasm'] as const) : (['tensorflow', 'wasm'] as const);

  it(`compute the same by turns as alone, traced and op by op, and free all${withoutTensorflow.title}`, async () => {
    const runtimes: Runtime[] = [];
    for (const backend of of) for (const compile of [true, false]) runtimes.push(await runtimeOf(backend, compile));
    const create = (runtime: Runtime) => runtime.createModel(small.config, small.state);
    const { numTensors } = tf.memory();
    const alone: object[] = [];
    for (const runtime of runtimes) alone.push(await answersOf(create(runtime)));
    const models = runtimes.map(create);
    expect(await Promise.all(models.map(answersOf))).toEqual(alone);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

class OtherBackend extends tf.KernelBackend {}

describe('a piece of work on a backend', () => {
  const names = ['a', 'b'] as const;
  afterEach(() => names.forEach((name) => tf.findBackendFactory(name) && tf.removeBackend(name)));

  it('has it active, and leaves the one of before, also where it throws or runs another', async () => {
    const [a, b] = names.map((name) => {
      const backend = Object.assign(new OtherBackend(), { dispose: () => undefined });
      tf.registerBackend(name, () => backend);
      return runOn(name, backend);
    });
    await tf.setBackend('a');
    expect(b(() => [tf.getBackend(), a(() => tf.getBackend()), tf.getBackend()])).toEqual(['b', 'a', 'b']);
    expect(() => b(() => { throw new Error('in b'); })).toThrow('in b'); // prettier-ignore
    expect(tf.getBackend()).toBe('a');
  });

  it('runs while the host program loads another, which it then has', async () => {
    const a = Object.assign(new OtherBackend(), { dispose: () => undefined });
    const b = Object.assign(new OtherBackend(), { dispose: () => undefined });
    tf.registerBackend('b', () => new Promise<tf.KernelBackend>((resolve) => setImmediate(() => resolve(b))));
    const loading = tf.setBackend('b');
    expect(runOn('a', a)(() => tf.backend())).toBe(a);
    expect(await loading).toBe(true);
    expect(tf.backend()).toBe(b);
  });

  it('is refused on one that is not loaded', () => {
    expect(() => tensorBackend('webgpu', () => expect.fail())).toThrow('the backend webgpu must be loaded before');
  });
});
