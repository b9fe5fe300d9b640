import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { train, type TrainOptions } from '../../src/index.js';
import { withoutTensorflow } from '../cli/processes.js';
import { SMALL, stateOf, TEXT } from './models.js';

/** Runs that differ in everything, a large one on TensorFlow. */
const ALL: readonly TrainOptions[] = [
  { ...SMALL, backend: 'wasm', seqLength: 7 },
  { ...SMALL, backend: 'wasm', hiddenSize: 20, seed: 5 },
  { ...SMALL, backend: 'pure' },
  { ...SMALL, backend: 'tensorflow', hiddenSize: 96, batchSize: 4, steps: 60 },
  { ...SMALL, backend: 'tensorflow', seed: 7 },
];
const RUNS = ALL.filter(({ backend }) => backend !== 'tensorflow' || !withoutTensorflow.skip);

/** All that a run gives, its losses to the last digit. @param turn is called before it goes on. */
async function storyOf(options: TrainOptions, turn: () => Promise<void>): Promise<object> {
  const { backend } = options;
  const told: unknown[] = [];
  const training = train(TEXT, options);
  for await (const event of training) {
    if (event.type === 'sample') told.push(event.text);
    else if (event.type !== 'validation-progress' && event.type !== 'progress') told.push(event.natsPerChar);
    await turn();
  }
  const model = await training.model();
  // How long a piece is depends on the time that it takes.
  let text = '';
  for await (const piece of model.generate({ backend, seed: 3, length: 200, prime: 'the ' })) {
    text += piece;
    await turn();
  }
  return { told, text, evaluation: await model.evaluate(TEXT, { backend }), state: stateOf(model) };
}

/** A backend of the host program, which computes nothing. */
class HostBackend extends tf.KernelBackend {}

describe('any number of runs on any backends at once', () => {
  it(`give to the last digit what each gives alone, beside a host's own backend${withoutTensorflow.title}`, async () => {
    tf.registerBackend('host', () => new HostBackend());
    await tf.setBackend('host');
    const alone: object[] = [];
    for (const options of RUNS) alone.push(await storyOf(options, () => Promise.resolve()));
    const actives = new Set<string>();
    const turn = async () => {
      actives.add(tf.getBackend());
      await new Promise((resolve) => setImmediate(resolve));
    };
    expect(await Promise.all(RUNS.map((options) => storyOf(options, turn)))).toEqual(alone);
    expect([...actives]).toEqual(['host']);
  });
});
