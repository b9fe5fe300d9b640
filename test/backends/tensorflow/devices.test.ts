import { describe, expect, it } from 'vitest';
import { LOG_KERNELS } from '../../../src/backends/tensorflow/placement.js';
import { loadCheckpoint } from '../../../src/checkpoint/checkpoint.js';
import { sharedFolder, startIn, withoutTensorflow } from '../../cli/processes.js';

const { path, text } = sharedFolder();

/** Large enough for three shards. */
const SIZES = ['--hidden-size', '256', '--batch-size', '6', '--seq-length', '5'];

/** A line of TensorFlow's log for a kernel. Those of several threads may be written into one another: not such ones. */
const KERNEL = /\}\} = (\w+)\[[^\]{]*\]\([^(){]*\) device: [\w/:]*\/device:(CPU:\d)$/gm;

/** On which devices a kernel ran. */
const devicesOf = (kernel: string, log: string) =>
  [...new Set([...log.matchAll(KERNEL)].flatMap(([, op, device]) => (op === kernel ? [device] : [])))].sort();

/** A run of three shards on so many processors as TensorFlow sees them, in place of cards. */
async function trainedOn(devices: number) {
  const checkpoint = path(`${devices}.safetensors`);
  const words = ['--backend', 'tensorflow', '--threads', '3', '--steps', '10', '--sample-every', '0'];
  const env = { ...LOG_KERNELS, MIN_CHAR_RNN_CPU_DEVICES: String(devices) };
  const { code, stderr } = await startIn({ env }, 'train', text, ...SIZES, ...words, '--checkpoint', checkpoint)
    .finished;
  expect(code, stderr).toBe(0);
  const { tensors, run } = await loadCheckpoint(checkpoint);
  return { log: stderr, learned: { tensors, loss: run.smoothLoss } };
}

describe.skipIf(withoutTensorflow.skip)(`several devices of one process${withoutTensorflow.title}`, () => {
  it('compute shards, the first updates the weights, and results are those of one device to the bit', async () => {
    const [one, two] = [await trainedOn(1), await trainedOn(2)];
    expect(devicesOf('TanhGrad', one.log)).toEqual(['CPU:0']);
    for (const kernel of ['TanhGrad', 'UnsortedSegmentSum', 'Log'])
      expect(devicesOf(kernel, two.log), kernel).toEqual(['CPU:0', 'CPU:1']);
    expect(devicesOf('Rsqrt', two.log)).toEqual(['CPU:0']);
    expect(two.learned).toEqual(one.learned);
  });
});
