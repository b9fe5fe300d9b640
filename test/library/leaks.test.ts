import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type Model, train, type TrainOptions } from '../../src/index.js';
import { withoutTensorflow } from '../cli/processes.js';
import { SMALL, TEXT } from './models.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const { hiddenSize, seqLength, batchSize } = SMALL;
/** A training of a moment. */
const BRIEF: TrainOptions = { hiddenSize, seqLength, batchSize, reportEvery: 2, sampleEvery: 3, steps: 6 };

type Backend = 'wasm' | 'tensorflow';

/** Every way to use and to leave a training or a text. */
const WAYS: Readonly<Record<string, (backend: Backend, model: Model) => Promise<unknown>>> = {
  finished: (backend) => train(TEXT, { ...BRIEF, backend }).finish(),
  'broken out of': async (backend) => {
    for await (const event of train(TEXT, { ...BRIEF, backend })) if (event.type === 'report') break;
  },
  'left by an error of the caller': async (backend) => {
    const fail = async () => {
      for await (const event of train(TEXT, { ...BRIEF, backend })) throw new Error(event.type);
    };
    await expect(fail()).rejects.toThrow();
  },
  diverged: async (backend) => {
    const training = train(TEXT, { ...BRIEF, backend, learningRate: 1e5, steps: 500 });
    await expect(training.finish()).rejects.toThrow('learningRate');
  },
  aborted: async (backend) => {
    const controller = new AbortController();
    const training = train(TEXT, { ...BRIEF, backend, signal: controller.signal });
    for await (const event of training) if (event.type === 'report') controller.abort();
  },
  dropped: async (backend) => {
    const events = train(TEXT, { ...BRIEF, backend })[Symbol.asyncIterator]();
    for (let i = 0; i < 4; i++) await events.next();
  },
  'a text that is dropped': async (backend, model) => {
    await model.generate({ backend, length: 0 }).next();
  },
  'a text and an evaluation': async (backend, model) => {
    for await (const piece of model.generate({ backend, length: 60 })) void piece;
    await model.evaluate(TEXT, { backend });
  },
};

/** What the backends hold, by their own counts. */
function held(): object {
  const { numTensors, numDataBuffers } = tf.memory();
  const { registry } = tf.engine() as unknown as { registry: Record<string, object | undefined> };
  const wasm = registry.wasm as { numDataIds: () => number; wasm: { HEAPU8: Uint8Array } };
  const tensorflow = registry.tensorflow as { binding: { getNumOfTensors: () => number } } | undefined;
  return {
    numTensors,
    numDataBuffers,
    wasm: [wasm.numDataIds(), wasm.wasm.HEAPU8.length],
    tensorflow: tensorflow?.binding.getNumOfTensors(),
  };
}

/** Has what nobody holds any more freed, for a while at most. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50 && tf.memory().numTensors > 0; i++) {
    collectGarbage();
    await turn();
  }
}

describe('a hundred trainings and texts', () => {
  it(`leave the memory of the backends as it was, however each ends${withoutTensorflow.title}`, async () => {
    // Nine, so that each of the eight ways comes on each.
    const backends = Array.from({ length: 9 }, (_, i): Backend => (i === 0 && !withoutTensorflow.skip ? 'tensorflow' : 'wasm')); // prettier-ignore
    const model = await train(TEXT, { ...BRIEF, backend: 'wasm' }).finish();
    for (const backend of new Set(backends)) for (const use of Object.values(WAYS)) await use(backend, model);
    await tf.setBackend('wasm');
    await settle();
    const before = held();
    expect(before).toMatchObject({ numTensors: 0, numDataBuffers: 0 });
    for (let i = 0; i < 100;) {
      for (const use of Object.values(WAYS)) await use(backends[i++ % backends.length], model);
    }
    await settle();
    expect(held()).toEqual(before);
  });
});
