import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { isUnavailable, type Runtime } from '../../../src/backends/runtime.js';
import { loadWasm } from '../../../src/backends/wasm/load.js';
import { loadWebgpu } from '../../../src/backends/webgpu/load.js';
import { describeBackend } from '../../model/describe-backend.js';
import { problem, trainModel } from '../../model/problem.js';
import { small } from '../../model/small-problem.js';
import { SPECIFICATION } from '../../../src/options/train-options.js';

vi.setConfig({ testTimeout: 600_000 });

/** Programs that the device runs for a training step at the default settings. */
async function dispatchesOfStep(runtime: Runtime): Promise<number> {
  const { hiddenSize, seqLength, batchSize } = SPECIFICATION;
  const step = problem({ hiddenSize, seqLength, batchSize });
  const model = runtime.createModel(step.config, step.state);
  const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  await trainModel(model, step, 1);
  model.dispose();
  const count = dispatched.mock.calls.length;
  dispatched.mockRestore();
  return count;
}

await describeBackend("a WebGPU device's work", loadWebgpu, { compile: true }, (runtime) => {
  it('allocates no more memory on the device over 100 steps', async () => {
    const allocated = () => Reflect.get(tf.memory(), 'numBytesAllocatedInGPU') as number;
    const model = runtime.createModel(small.config, small.state);
    onTestFinished(() => model.dispose());
    for (let round = 0; round < 3; round++) await trainModel(model, small, 20);
    const first = allocated();
    expect(first).toBeGreaterThan(0);
    for (let steps = 0; steps < 100; steps += 20) {
      await trainModel(model, small, 20);
      expect(allocated(), `after ${steps} steps`).toBe(first);
    }
  });

  it('is the same beside that of a model on wasm', async () => {
    const wasm = await loadWasm({ compile: true });
    if (isUnavailable(wasm)) throw new Error(wasm.reason);
    const lossesOf = async (of: Runtime) => {
      const model = of.createModel(small.config, small.state);
      const losses = [];
      for (let round = 0; round < 4; round++) losses.push(await trainModel(model, small, 3));
      model.dispose();
      return losses;
    };
    const alone = [await lossesOf(runtime), await lossesOf(wasm)];
    expect(await Promise.all([runtime, wasm].map(lossesOf))).toEqual(alone);
  });

  it('is as many dispatches as the guide says, with kernels of ours and without', async () => {
    const fused = await dispatchesOfStep(runtime);
    const plain = await loadWebgpu({ compile: false });
    if (isUnavailable(plain)) throw new Error(plain.reason);
    const opByOp = await dispatchesOfStep(plain);
    const page = readFileSync(new URL('../../../docs/gpu.md', import.meta.url), 'utf8');
    const [, ...said] = /leave\s(\d+)\sof\sthe\sdefault\sstep's\s(\d+)\sdispatches/.exec(page) ?? [];
    expect(said.map(Number)).toEqual([fused, opByOp]);
  });
});
