import { backend, memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Runtime } from '../../src/backends/runtime.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { trainModel, windows } from './problem.js';
import { PLAIN_SAMPLING } from '../../src/sampling/sampler.js';
import { DRAWS, evaluate, H, small } from './small-problem.js';

/** What every model on TensorFlow.js must free. */
export function describeMemory(runtime: Runtime, create: () => TrainableModel): void {
  it('holds as many tensors after 60 steps as after the first, and none when disposed', async () => {
    const none = { ...counts(), graphs: graphs() };
    const model = create();
    await trainModel(model, small, 1);
    const first = counts();
    expect(first.numTensors - none.numTensors).toBe(5 + 5 + 1);
    for (let round = 0; round < 3; round++) {
      model.resetHidden();
      await trainModel(model, small, 20);
      await model.gradients(windows(small, 0).inputs, windows(small, 0).targets);
      await evaluate(model);
      await model.generate(3, DRAWS, PLAIN_SAMPLING);
      await model.read();
      expect(counts()).toEqual(first);
    }
    model.train(windows(small, 0).inputs, windows(small, 0).targets, Float32Array.of(0.01));
    model.dispose();
    expect({ ...counts(), graphs: graphs() }).toEqual(none);
  });

  it('frees what a model that reads symbol by symbol held', () => {
    const none = { ...counts(), graphs: graphs() };
    const model = runtime.createSamplingModel(small.config, small.state.parameters, new Float32Array(H));
    model.next(1);
    const first = counts();
    for (let symbol = 0; symbol < 20; symbol++) model.next(symbol);
    for (let text = 0; text < 3; text++) model.generate?.(1, DRAWS.subarray(0, 7), 1);
    expect(counts()).toEqual(first);
    model.dispose();
    expect({ ...counts(), graphs: graphs() }).toEqual(none);
  });
}

function counts() {
  const { numTensors, numDataBuffers, numBytes, ...others } = memory();
  const numBytesInGPU: unknown = 'numBytesInGPU' in others ? others.numBytesInGPU : 0;
  return { numTensors, numDataBuffers, numBytes, numBytesInGPU };
}

/** Graphs that TensorFlow holds: tfjs-node counts them, other backends have none. */
function graphs(): number {
  const native: object = backend();
  return 'getNumOfSavedModels' in native ? (native as { getNumOfSavedModels(): number }).getNumOfSavedModels() : 0;
}
