import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { type Binding, nativeBackend } from '../../../src/backends/tensorflow/native-backend.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import type { TensorFunction } from '../../../src/model/tensor/compile.js';
import { describeBackend } from '../../model/describe-backend.js';

const words = tf.tensor1d.bind(undefined, ['one', 'two'], 'string');

/** Functions of x (3) that cannot be traced, and what the error must say: what must hold, and what to do. */
const REFUSED: Record<string, [TensorFunction, RegExp]> = {
  'whose output is its input': [(x) => [tf.neg(x), x], /output 1 is an input or a constant; .*tf\.add\(x, 0\)/],
  'whose output is a copy of its input': [(x) => [x.clone()], /output 0 is an input or a constant/],
  'whose output is a constant': [() => [tf.scalar(3)], /output 0 is an input or a constant/],
  'that reads values at once': [(x) => [tf.mul(x, tf.add(x, 1).dataSync()[0])], /must not read .*op by op/],
  'that reads its input': [(x) => [tf.add(x, x.arraySync())], /must not read .*op by op/],
  'that prints': [(x) => (x.print(), [tf.neg(x)]), /must not read .*print/],
  'that captures text': [
    (x) => [tf.neg(x), tf.reshape(words(), [2, 1])],
    /constants must be float32.*Reshape.*op by op/,
  ],
  'that runs another traced function': [(x) => [tf.neg(inner().run([x])[0])], /must not run another traced function/],
  'that returns no list': [(x) => tf.neg(x) as unknown as tf.Tensor[], /must return an array of tensors/],
  'that assigns to a variable': [(x) => (held.assign(tf.neg(x)), [tf.neg(x)]), /assign to variables.*op by op/],
  'that fails by itself': [() => fail(), /^its own mistake$/],
};

let inner: () => ReturnType<typeof trace> = () => expect.unreachable('set before each test');
/** Some variable. */
let held: tf.Variable;
let original: Binding;
let tensors = 0;

function fail(): never {
  throw new Error('its own mistake');
}

await describeBackend('a trace', loadTensorflow, { compile: true }, () => {
  const x = tf.tensor1d([1, 2, 3]);

  beforeEach(() => {
    const ready = trace((y) => [tf.neg(y)], [x]);
    inner = () => ready;
    held = tf.variable(x);
    original = nativeBackend().binding;
    tensors = tf.memory().numTensors;
  });

  afterEach(() => {
    inner().dispose();
    held.dispose();
  });

  describe('refuses a function', () => {
    it.each(Object.entries(REFUSED))('%s, and leaves the backend as it was', (_, [fn, message]) => {
      expect(() => trace(fn, [x])).toThrow(message);
      expectUntouchedBackend();
    });
  });

  it('refuses values that are asked for now and come later', async () => {
    let reading: Promise<unknown> = Promise.resolve();
    const later = trace((y) => ((reading = tf.add(y, 1).data()), [tf.neg(y)]), [x]);
    await expect(reading).rejects.toThrow(/must not read/);
    later.dispose();
  });

  it('runs only with tensors like those that it was traced with', () => {
    const two = trace((a, b) => [tf.mul(a, tf.cast(b, 'float32'))], [x, tf.scalar(2, 'int32')]);
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

  it('refuses a function that keeps a tensor', () => {
    let kept: tf.Tensor | undefined;
    expect(() => trace((y) => [tf.neg((kept = tf.keep(tf.neg(y))))], [x])).toThrow(/must not keep tensors/);
    kept?.dispose();
    expectUntouchedBackend();
  });

  it('refuses an input that was disposed of', () => {
    const y = tf.ones([3]);
    y.dispose();
    expect(() => inner().run([y])).toThrow('input 0 of a traced function must be there, but was disposed of');
    expect(() => trace((z) => [tf.neg(z)], [y])).toThrow('examples must be there, but one was disposed of');
  });

  it('is not run after dispose, which may be called twice', () => {
    const gone = trace((y) => [tf.neg(y)], [x]);
    gone.dispose();
    gone.dispose();
    expect(() => gone.run([x])).toThrow('must not be run after dispose(); trace it again');
  });

  it('leaves the backend as it was when TensorFlow refuses the graph', () => {
    const stub = { ...ownProperties(original), addFunction: () => expect.fail('TensorFlow refuses') };
    nativeBackend().binding = stub;
    expect(() => trace((y) => [tf.neg(y)], [x])).toThrow('TensorFlow refuses');
    expect(nativeBackend().binding).toBe(stub);
    nativeBackend().binding = original;
    expectUntouchedBackend();
  });
});

function ownProperties(binding: Binding): Binding {
  const names = Object.getOwnPropertyNames(binding);
  return Object.fromEntries(names.map((name) => [name, Reflect.get(binding, name) as unknown])) as unknown as Binding;
}

/** The original binding is back, no tensor is left, ordinary ops and reading work. */
function expectUntouchedBackend(): void {
  const backend = nativeBackend();
  expect(backend.binding).toBe(original);
  expect(Object.hasOwn(backend, 'getInputTensorIds')).toBe(false);
  expect(tf.memory().numTensors).toBe(tensors);
  const values = tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).arraySync());
  expect(values).toEqual([2, 3]);
}
