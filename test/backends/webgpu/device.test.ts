import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import type { DeviceBackend } from '../../../src/backends/webgpu/device-backend.js';
import { loadWebgpu } from '../../../src/backends/webgpu/load.js';
import { FUSED_ADAGRAD, FUSED_RECURRENCE, FUSED_RECURRENCE_BACKWARD } from '../../../src/model/tensor/fused.js';
import { describeBackend } from '../../model/describe-backend.js';
import { arrayDifference, lossDifference, trainModel, trainReference, windows } from '../../model/problem.js';
import { small } from '../../model/small-problem.js';

vi.setConfig({ testTimeout: 600_000 });

await describeBackend('a WebGPU device', loadWebgpu, { compile: false }, (runtime) => {
  it('trains op by op, without kernels of ours, where nothing is to be compiled', async () => {
    for (const kernel of [FUSED_RECURRENCE, FUSED_RECURRENCE_BACKWARD, FUSED_ADAGRAD]) {
      expect(tf.getKernel(kernel, 'webgpu'), kernel).toBeUndefined();
    }
    const model = runtime.createModel(small.config, small.state);
    const losses = await trainModel(model, small, 10, 2);
    const { rnn, losses: expected } = trainReference(small, 10);
    expect(lossDifference(expected, losses)).toBeLessThan(2e-5);
    expect(arrayDifference(rnn.memories.Whh, (await model.read()).memories.Whh)).toBeLessThan(1e-4);
    model.dispose();
  });

  it('does not let the program run far ahead of it', async () => {
    const model = runtime.createModel(small.config, small.state);
    const { inputs, targets, rates } = windows(small, 0);
    const { queue } = tf.backend() as DeviceBackend;
    const handed = vi.spyOn(queue, 'onSubmittedWorkDone');
    for (let call = 0; call < 2; call++) {
      model.train(inputs, targets, rates);
      await model.settle?.();
    }
    expect(handed.mock.settledResults).toHaveLength(2);
    expect(handed.mock.settledResults[0].type).toBe('fulfilled');
    model.dispose();
  });

  // The last one: the device is of no use after it.
  it('fails the next read where it has reported an error on the side', async () => {
    const model = runtime.createModel(small.config, small.state);
    await trainModel(model, small, 1);
    const { device } = tf.backend() as DeviceBackend;
    const buffer = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(buffer, 0, new Float32Array(8));
    await expect(model.read()).rejects.toThrow(
      /^the WebGPU device failed: Write range .* continue from the last checkpoint/,
    );
    model.dispose();
  });
});
