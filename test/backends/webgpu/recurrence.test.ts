import * as tf from '@tensorflow/tfjs-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tileOf, weightBytesRead } from '../../../src/backends/webgpu/kernels/recurrence.js';
import { loadWebgpu } from '../../../src/backends/webgpu/load.js';
import { fusedBackward, fusedForward } from '../../../src/model/tensor/fused.js';
import { PRESETS } from '../../../src/options/presets.js';
import { Random } from '../../../src/sampling/random.js';
import { describeBackend } from '../../model/describe-backend.js';
import { arrayDifference } from '../../model/problem.js';

vi.setConfig({ testTimeout: 600_000 });

/** B streams, T steps, H units. */
type Size = readonly [B: number, T: number, H: number];

/** Tiles of each width, with streams left over, and invocations with units left over. */
const SIZES: readonly Size[] = [
  [1, 4, 5],
  [2, 3, 300],
  [3, 4, 20],
  [4, 1, 64],
  [9, 3, 300],
  [3, 2, 1030],
];

/** Random numbers of the deviation of scaled weights. */
function random(seed: number, rows: number, H: number): Float32Array {
  return new Random(seed).normals(rows * H, 1 / Math.sqrt(H));
}

/** (H) times (H, H), in float64. */
const timesMatrix = (row: readonly number[], matrix: Float32Array): number[] =>
  row.map((_, j) => row.reduce((sum, value, k) => sum + value * matrix[k * row.length + j], 0));

/** h_0 ... h_T of one stream. */
function forward(x: readonly number[][], hidden: readonly number[], Whh: Float32Array): number[][] {
  return x.reduce<number[][]>((hs, xt) => [...hs, timesMatrix(hs[hs.length - 1], Whh).map((sum, j) => Math.tanh(xt[j] + sum))], [[...hidden]]); // prettier-ignore
}

/** dhRaw_1 ... dhRaw_T of one stream. */
function backward(hs: readonly number[][], dhs: readonly number[][], WhhT: Float32Array): number[][] {
  let next = dhs[0].map(() => 0);
  return dhs
    .map((dh, t) => ({ dh, h: hs[t + 1] }))
    .reverse()
    .map(({ dh, h }) => (next = timesMatrix(next, WhhT).map((sum, j) => (dh[j] + sum) * (1 - h[j] ** 2))))
    .reverse();
}

/** One stream's rows of an array ((steps) B, H). */
function streamOf(values: Float32Array, stream: number, [B, , H]: Size): number[][] {
  const rows = values.length / (B * H);
  return Array.from({ length: rows }, (_, t) => [...values.subarray((t * B + stream) * H, (t * B + stream + 1) * H)]);
}

function joined(streams: readonly number[][][]): Float32Array {
  return Float32Array.from(streams[0].flatMap((_, t) => streams.flatMap((rows) => rows[t])));
}

await describeBackend("a WebGPU device's recurrence", loadWebgpu, { compile: true }, () => {
  it.each(SIZES)('is that of plain loops with B = %i, T = %i, H = %i', async (B, T, H) => {
    const size: Size = [B, T, H];
    const [x, hidden, Whh, dhs] = [random(1, T * B, H), random(2, B, H), random(3, H, H), random(4, T * B, H)];
    const transposed = Whh.map((_, i) => Whh[(i % H) * H + Math.floor(i / H)]);
    const all = Array.from({ length: B }, (_, b) => {
      const hs = forward(streamOf(x, b, size), streamOf(hidden, b, size)[0], Whh);
      return { hs, dhRaws: backward(hs, streamOf(dhs, b, size), transposed) };
    });

    const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
    onTestFinished(() => dispatched.mockRestore());
    const results = tf.tidy(() => {
      const states = fusedForward(tf.tensor2d(x, [T * B, H]), tf.tensor2d(hidden, [B, H]), tf.tensor2d(Whh, [H, H]));
      const back = states && fusedBackward(states, tf.tensor2d(dhs, [T * B, H]), tf.tensor2d(transposed, [H, H]));
      return states && back ? [states, back] : [];
    });
    const [states, dhRaw] = await Promise.all(results.map((tensor) => tensor.data<'float32'>()));
    tf.dispose(results);

    expect(arrayDifference(joined(all.map(({ hs }) => hs)), states)).toBeLessThan(1e-5);
    expect(arrayDifference(joined(all.map(({ dhRaws }) => dhRaws)), dhRaw)).toBeLessThan(1e-5);
    const workgroups = Math.ceil(B / tileOf(B, H));
    expect(dispatched.mock.calls.map(([x]) => x)).toEqual([workgroups, workgroups]);
  });
});

it('reads Whh for four streams at a time, where there are as many and they fit', () => {
  expect([1, 2, 3, 4, 5].map((streams) => tileOf(streams, 1024))).toEqual([1, 2, 2, 4, 4]);
  expect(tileOf(4, 2048)).toBe(2);
  const { batchSize, seqLength, hiddenSize } = PRESETS.gpu;
  expect(weightBytesRead(batchSize, seqLength, hiddenSize)).toBe(64 * seqLength * 4 * hiddenSize ** 2);
  expect(weightBytesRead(9, 3, 10)).toBe(3 * 3 * 400);
});
