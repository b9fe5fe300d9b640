import { expect, it } from 'vitest';
import { Streams } from '../../src/corpus/streams.js';
import type { ModelConfig, TrainableModel, WindowDraws } from '../../src/model/trainable-model.js';
import { drawWindows } from '../../src/trainer/draws.js';
import { WindowLoop } from '../../src/trainer/window-loop.js';

/** A model that only writes down what it is asked for: the rates of each call, and `zeros`. */
function recording(parts: Partial<TrainableModel> = {}) {
  const asked: (number[] | 'zeros')[] = [];
  const model = {
    train: (_inputs: Int32Array, _targets: Int32Array, rates: Float32Array) => void asked.push([...rates]),
    resetHidden: () => void asked.push('zeros'),
    losses: () => Promise.resolve(Float32Array.of(7)),
    ...parts,
  };
  return { model: model as unknown as TrainableModel, asked };
}

/** A text of 7 windows of 3 symbols. */
const streams = new Streams(new Uint8Array(7 * 3 + 4), 1, 3, 'text');

it('sets the hidden state to zeros before the first window of every pass but the very first, and never after a last one', async () => {
  const { model, asked } = recording();
  const loop = new WindowLoop(model, streams, 7);
  await loop.run(14, 1);
  const call = Array<number>(7).fill(1);
  expect(asked).toEqual([call, 'zeros', call]);
  await loop.run(7, 1);
  expect(asked.slice(3)).toEqual(['zeros', call]);
});

it('does so when it goes on at the end of a pass, where an earlier loop has stopped', async () => {
  const { model, asked } = recording();
  await new WindowLoop(model, streams, 1, 7).run(1, 1);
  await new WindowLoop(model, streams, 1, 8).run(1, 1);
  expect(asked).toEqual(['zeros', [1], [1]]);
});

it('trains whole calls, and single windows where a call would run past the end or the text', async () => {
  const { model, asked } = recording();
  const loop = new WindowLoop(model, streams, 4);
  loop.call(6, (step) => step);
  loop.call(6, (step) => step);
  loop.call(20, (step) => step);
  expect(asked).toEqual([[0, 1, 2, 3], [4], [5]]);
  expect(await loop.run(5, 2)).toEqual(Float32Array.of(7));
  expect(asked.slice(3)).toEqual([[2], 'zeros', [2, 2, 2, 2]]);
  expect(loop.step).toBe(11);
});

it('trains a fifth of a call where a whole one would run too far, if the model makes none ready for it', async () => {
  const { model, asked } = recording({ inTurns: true });
  await new WindowLoop(model, new Streams(new Uint8Array(37 * 3 + 4), 1, 3, 'text'), 20).run(30, 1);
  expect(asked.map((rates) => rates.length)).toEqual([20, 4, 4, 1, 1]);
});

it('hands each call what chance changes in its windows, where something is left to chance', async () => {
  const drawn: (WindowDraws | undefined)[] = [];
  const train: TrainableModel['train'] = (_inputs, _targets, _rates, draws) => void drawn.push(draws);
  const chances = { resetProbability: 0.5, recurrentDropout: 0.5, seed: 3 };
  const config = { batchSize: 1, hiddenSize: 2 } as ModelConfig;
  await new WindowLoop(recording({ train, config }).model, streams, 4, 0, chances).run(5, 1);
  await new WindowLoop(recording({ train, config }).model, streams, 4).run(4, 1);
  expect(drawn).toEqual([drawWindows(chances, config, 0, 4), drawWindows(chances, config, 4, 1), undefined]);
});

it('never runs far ahead of a device that computes by itself', async () => {
  let ahead = 0;
  const most: number[] = [];
  const { model } = recording({
    train: () => void most.push(++ahead),
    settle: () => Promise.resolve(void (ahead = 0)),
  });
  await new WindowLoop(model, streams, 1).run(9, 0.1);
  expect(most).toEqual(Array(9).fill(1));
});
