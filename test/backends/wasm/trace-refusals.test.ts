import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadWasm } from '../../../src/backends/wasm/load.js';
import { traceWasm } from '../../../src/backends/wasm/trace.js';
import { wasmBackend } from '../../../src/backends/wasm/wasm-backend.js';
import type { TensorFunction } from '../../../src/model/tensor/compile.js';
import { describeBackend } from '../../model/describe-backend.js';

const image = (x: tf.Tensor) => tf.reshape<tf.Rank.R4>(x, [1, 1, 3, 1]);
const column = (x: tf.Tensor) => tf.reshape<tf.Rank.R2>(x, [3, 1]);
const row = (x: tf.Tensor) => tf.reshape<tf.Rank.R2>(x, [1, 3]);

/** Functions of x (3) that cannot be traced, and what the error must say: what must hold, and what to do. */
const REFUSED: Record<string, [TensorFunction, RegExp]> = {
  'whose output is its input': [(x) => [tf.neg(x), x], /output 1 is an input or a constant; .*tf\.add\(x, 0\)/],
  'whose output is its input reshaped': [(x) => [tf.reshape(x, [3, 1])], /output 0 is an input or a constant/],
  'whose output is a constant': [() => [tf.scalar(3)], /output 0 is an input or a constant/],
  'that reads values at once': [(x) => [tf.mul(x, tf.add(x, 1).dataSync()[0])], /must not read .*op by op/],
  'that reads its input': [(x) => [tf.add(x, x.arraySync())], /must not read .*op by op/],
  'that prints': [(x) => (x.print(), [tf.neg(x)]), /must not read .*print/],
  'with text in it': [(x) => [tf.neg(x), tf.tensor1d(['a'], 'string')], /must be float32, int32 or bool.*text/],
  'that runs another traced function': [(x) => [tf.neg(inner().run([x])[0])], /must not run another traced function/],
  'with a kernel that computes in JavaScript': [(x) => [tf.unique(x).values], /kernel Unique cannot be recorded/],
  'with a kernel that tells the size of its output': [
    (x) => [tf.image.nonMaxSuppression(tf.tile(column(x), [1, 4]), x as tf.Tensor1D, 2)],
    /kernel NonMaxSuppressionV3 cannot be recorded/,
  ],
  'with a product that keeps weights': [
    (x) => [tf.fused.matMul({ a: row(x), b: row(x), transposeB: true })],
    /kernel _FusedMatMul cannot be recorded on the wasm backend; run the function op by op/,
  ],
  'with a convolution, which keeps weights': [
    (x) => [tf.conv2d(image(x), tf.ones([1, 1, 1, 1]), 1, 'same')],
    /kernel Conv2D cannot be recorded/,
  ],
  'that fails by itself': [() => fail(), /^its own mistake$/],
};

let inner: () => ReturnType<typeof traceWasm> = () => expect.unreachable('set before each test');
let untouched: object = {};

function fail(): never {
  throw new Error('its own mistake');
}

await describeBackend('a trace on wasm', loadWasm, { compile: true }, () => {
  const x = tf.tensor1d([1, 2, 3]);

  beforeEach(() => {
    const ready = traceWasm((y) => [tf.neg(y)], [x]);
    inner = () => ready;
    untouched = describeState();
  });

  afterEach(() => inner().dispose());

  describe('refuses a function', () => {
    it.each(Object.entries(REFUSED))('%s, and leaves the backend as it was', (_, [fn, message]) => {
      expect(() => traceWasm(fn, [x])).toThrow(message);
      expect(describeState()).toEqual(untouched);
    });
  });

  it('refuses a function that keeps a tensor, which stays what it is', () => {
    let kept = tf.scalar(0);
    const fn: TensorFunction = (y) => [tf.neg((kept = tf.keep(tf.sum(y))))];
    expect(() => traceWasm(fn, [x])).toThrow(/must not keep tensors \(tf.keep, tf.variable\).* op by op/);
    expect(tf.tidy(() => tf.add(kept, 1).arraySync())).toBe(7);
    kept.dispose();
  });

  it('refuses values that are asked for now and come later', async () => {
    let reading: Promise<unknown> = Promise.resolve();
    const later = traceWasm((y) => ((reading = tf.add(y, 1).data()), [tf.neg(y)]), [x]);
    await expect(reading).rejects.toThrow(/must not read/);
    later.dispose();
  });

  it('runs only with tensors like those that it was traced with', () => {
    const two = traceWasm((a, b) => [tf.mul(a, tf.cast(b, 'float32'))], [x, tf.scalar(2, 'int32')]);
    const refusal = (...given: tf.Tensor[]) => expect(() => two.run(given));
    refusal(x).toThrow('a traced function takes 2 tensors, but got 1');
    refusal(x, x, x).toThrow('takes 2 tensors, but got 3');
    refusal(tf.ones([4]), tf.scalar(2, 'int32')).toThrow(
      'input 0 of a traced function must be float32 [3], but is float32 [4]',
    );
    refusal(tf.ones([1, 3]), tf.scalar(2, 'int32')).toThrow('but is float32 [1, 3]; trace for this shape');
    refusal(x, tf.scalar(2)).toThrow('input 1 of a traced function must be int32 [], but is float32 []');
    expect([...two.run([x, tf.scalar(3, 'int32')])[0].dataSync()]).toEqual([3, 6, 9]);
    two.dispose();
  });

  it('refuses an index that is out of range in each run', () => {
    const pick = traceWasm((y, i) => [tf.gather(y, i)], [x, tf.tensor1d([0], 'int32')]);
    expect(() => pick.run([x, tf.tensor1d([3], 'int32')])).toThrow('the index value 3 is not in [0, 2]');
    expect(() => pick.run([x, tf.tensor1d([-1], 'int32')])).toThrow('the index value -1 is not in [0, 2]');
    expect([...pick.run([x, tf.tensor1d([2], 'int32')])[0].dataSync()]).toEqual([3]);
    pick.dispose();
  });

  it('is not run after dispose, which may be called twice', () => {
    const gone = traceWasm((y) => [tf.neg(y)], [x]);
    gone.dispose();
    gone.dispose();
    expect(() => gone.run([x])).toThrow('must not be run after dispose(); trace it again');
  });
});

describe('a version of the backend with other internals', () => {
  it('is not used, and says why', async () => {
    const registry = wasmBackend().wasm.tfjs;
    const registerTensor: unknown = Reflect.get(registry, 'registerTensor');
    Reflect.deleteProperty(registry, 'registerTensor');
    const loaded = await loadWasm({ compile: true });
    Reflect.set(registry, 'registerTensor', registerTensor);
    expect(loaded).toEqual({
      backend: 'wasm',
      reason: 'TensorFlow.js 4.22.0 lacks wasm.tfjs.registerTensor; reinstall with npm ci',
    });
  });

  it('runs with those that it has, op by op where that is asked for', async () => {
    expect(await loadWasm({ compile: false })).toMatchObject({
      description: expect.stringMatching(/WebAssembly, op by op$/) as string,
    });
  });
});

/** What a trace changes while it is made: it is put back, no tensor is left, ordinary ops and reading work. */
function describeState(): object {
  const backend = wasmBackend();
  expect(['move', 'readSync', 'typedArrayFromHeap'].filter((name) => Object.hasOwn(backend, name))).toEqual([]);
  const kernels = tf.getKernelsForBackend('wasm').map(({ kernelFunc }) => kernelFunc);
  const values = tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).arraySync());
  return { kernels, values, cwrap: backend.wasm.cwrap, tensors: tf.memory().numTensors };
}
