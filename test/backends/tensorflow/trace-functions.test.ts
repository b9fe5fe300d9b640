import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { opByOp, type TensorFunction } from '../../../src/model/tensor/compile.js';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import { describeBackend } from '../../model/describe-backend.js';

type F = (...inputs: tf.Tensor2D[]) => tf.Tensor[];

/** Functions of a (3, 4) and b (4, 3), float32, by what they show. */
const FUNCTIONS: Record<string, F> = {
  'bool outputs': (a) => [tf.greater(a, 0.5), tf.logicalNot(tf.less(a, 0)), tf.any(tf.greater(a, 3))],
  'int32 outputs': (a) => [tf.cast(tf.mul(a, 10), 'int32'), tf.argMax(a, 1), tf.add(tf.cast(a, 'int32'), 2)],
  'casts there and back': (a) => [tf.cast(tf.cast(a, 'bool'), 'float32'), tf.cast(tf.greater(a, 0), 'int32')],
  'some outputs of many': (a) => {
    const [first, second, third, fourth] = tf.split(a, 4, 1);
    return [fourth, tf.add(second, third), first];
  },
  'two outputs of one op': (a) => Object.values(tf.topk(a, 2)),
  unstack: (a) => tf.unstack(a, 0).map((row) => tf.neg(row)),
  'slices and strided slices': (a) => [
    tf.slice(a, [1, 0], [2, 3]),
    tf.stridedSlice(a, [0, 3], [3, 0], [2, -1]),
    tf.stridedSlice(a, [0, 0], [3, 4], [1, 1], 0, 1, 0, 0, 2),
  ],
  'concat, stack, tile and pad': (a, b) => [
    tf.concat([a, tf.transpose(b)], 0),
    tf.stack([a, a], 1),
    tf.tile(a, [1, 2]),
    tf.pad(a, [[1, 0], [0, 2]], 7), // prettier-ignore
  ],
  'transposes and reshapes': (a) => [tf.transpose(a), tf.reshape(tf.transpose(a), [2, 6]), tf.expandDims(a, 1)],
  'softmax and its logarithm': (a) => [tf.softmax(a), tf.logSoftmax(a), tf.logSumExp(a, 1)],
  'one-hot and gather': (a) => {
    const indices = tf.argMax<tf.Tensor1D>(a, 1);
    return [
      tf.oneHot(indices, 4),
      tf.oneHot(indices, 4, 5, -1),
      tf.gather(a, tf.minimum(indices, tf.scalar(2, 'int32')), 0),
    ];
  },
  'where and clip': (a) => [tf.where(tf.greater(a, 0), a, tf.zerosLike(a)), tf.clipByValue(a, -0.5, 0.5)],
  'clip to one side': (a) => [tf.minimum(a, 0.1), tf.maximum(tf.minimum(a, tf.reverse(a)), -0.1)],
  reductions: (a) => [tf.sum(a, 0), tf.mean(a), tf.max(a, 1, true), tf.prod(a, 1), tf.cumsum(a, 1, true)],
  'products, transposed too': (a, b) => [
    tf.matMul(a, b),
    tf.matMul(a, a, false, true),
    tf.matMul(a, a, true),
    tf.matMul(b, a, true, true),
  ],
  'batches of products': (a, b) => [tf.matMul(tf.stack([a, a]), tf.stack([b, tf.neg(b)])), tf.dot(a, b)],
  'product plus vector, either way round': (a, b) => [
    tf.add(tf.matMul(a, b), tf.slice(tf.reshape(a, [12]), 0, 3)),
    tf.add(tf.slice(tf.reshape(a, [12]), 0, 3), tf.matMul(a, b)),
  ],
  'tanh of product plus vector': (a, b) => [tf.tanh(tf.add(tf.matMul(a, b), tf.sum(b, 0)))],
  'tanh twice, vector twice': (a, b) => [
    tf.tanh(tf.tanh(tf.add(tf.matMul(a, b), tf.sum(b, 0)))),
    tf.add(tf.add(tf.matMul(a, b), tf.sum(b, 0)), tf.max(b, 0)),
  ],
  'bounds the wrong way round': (a) => [tf.maximum(tf.minimum(a, -0.2), 0.3), tf.minimum(tf.maximum(a, 0.3), -0.2)],
  'product plus vector, each of them also an output': (a, b) => {
    const product = tf.matMul(a, b);
    const sum = tf.add(product, tf.sum(b, 0));
    return [tf.tanh(sum), sum, product];
  },
  'product plus a vector that must be broadcast': (a, b) => [
    tf.add(tf.matMul(a, b), tf.tensor1d([0.25])),
    tf.add(tf.matMul(a, tf.slice(b, [0, 0], [4, 1])), tf.sum(b, 0)),
    tf.tanh(tf.add(tf.matMul(a, tf.slice(b, [0, 1], [4, 1])), tf.sum(b, 0))),
  ],
  'product plus column and plus scalar': (a, b) => [
    tf.add(tf.matMul(a, b), tf.sum(a, 1, true)),
    tf.add(tf.matMul(a, b), 0.5),
  ],
  'the slope of tanh': (a) => {
    const h = tf.tanh(a);
    return [tf.mul(a, tf.sub(1, tf.square(h))), tf.mul(tf.sub(1, tf.square(h)), a)];
  },
  'nearly the slope of tanh': (a) => [
    tf.mul(a, tf.sub(2, tf.square(a))),
    tf.mul(a, tf.sub(tf.square(a), 1)),
    tf.mul(tf.slice(a, [0, 0], [1, 4]), tf.sub(1, tf.square(a))),
    tf.mul(a, tf.sub(1, tf.square(tf.slice(a, [0, 0], [1, 4])))),
  ],
  'the slope of tanh with its parts': (a) => {
    const square = tf.square(a);
    const slope = tf.sub(1, square);
    return [tf.mul(a, slope), slope, square];
  },
  'a recurrence': (a, b) => {
    let h: tf.Tensor = tf.zeros([3, 3]);
    for (let t = 0; t < 5; t++) h = tf.tanh(tf.add(tf.matMul(a, b), tf.matMul(h, tf.matMul(a, b))));
    return [h];
  },
  'constants, infinite and not a number too': (a) => [tf.add(a, Infinity), tf.mul(a, NaN), tf.sub(3, a)],
  'empty tensors': (a) => [tf.slice(a, [3, 0], [0, 4]), tf.concat([tf.zeros<tf.Rank.R2>([0, 4]), a])],
  'the same output twice': (a) => Array<tf.Tensor>(2).fill(tf.square(a)),
};

await describeBackend('a traced function', loadTensorflow, { compile: true }, () => {
  describe('gives what it gives op by op', () => {
    it.each(Object.entries(FUNCTIONS))('with %s', (_, fn) => {
      const [examples, inputs] = [1, 5].map((seed) => [
        tf.randomNormal<tf.Rank.R2>([3, 4], 0, 1, 'float32', seed),
        tf.randomNormal<tf.Rank.R2>([4, 3], 0, 1, 'float32', seed + 1),
      ]);
      expectSameResults(fn as TensorFunction, examples, inputs);
    });

    it('with bool and int32 inputs', () => {
      const fn: TensorFunction = (flags, numbers) => [
        tf.logicalNot(flags),
        tf.where(flags, numbers, tf.neg(numbers)),
        tf.gather(flags, tf.abs(numbers)),
        tf.floorDiv(numbers, tf.scalar(2, 'int32')),
      ];
      const examples = [tf.tensor1d([true, false, true], 'bool'), tf.tensor1d([1, 2, -1], 'int32')];
      const inputs = [tf.tensor1d([false, false, true], 'bool'), tf.tensor1d([-2, 0, 1], 'int32')];
      expectSameResults(fn, examples, inputs);
    });

    it('with one tensor given for two inputs that differed in the trace', () => {
      const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([10, 20])];
      expectSameResults((x, y) => [tf.sub(x, y), tf.div(x, y)], [a, b], [b, b]);
      expectSameResults((x, y) => [tf.sub(x, y), tf.div(x, y)], [a, a], [a, b]);
    });

    it('without any input', () => {
      expectSameResults(() => [tf.add(tf.scalar(1), tf.scalar(2))], [], []);
    });
  });

  it('keeps tensors from outside as constants with the value that they had', () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    const [computed, uploaded] = [tf.square(variable), tf.tensor1d([5, 5, 5])];
    const traced = trace((x) => [tf.add(x, variable), tf.mul(x, computed), tf.sub(x, uploaded)], [tf.zeros([3])]);
    variable.assign(tf.zeros([3]));
    tf.dispose([computed, uploaded]);
    const values = traced.run([tf.tensor1d([10, 20, 30])]).map((output) => [...output.dataSync()]);
    expect(values).toEqual([[11, 22, 33], [10, 80, 270], [5, 15, 25]]); // prettier-ignore
    traced.dispose();
  });

  it('keeps a tensor apart that is both an input and captured', () => {
    const both = tf.tensor1d([1, 2]);
    const traced = trace((x) => [tf.sub(x, both)], [both]);
    expect([...traced.run([tf.tensor1d([10, 20])])[0].dataSync()]).toEqual([9, 18]);
    traced.dispose();
  });
});

/** Runs a function both ways; the trace saw other values than it is given. */
function expectSameResults(fn: TensorFunction, examples: tf.Tensor[], inputs: tf.Tensor[]): void {
  const traced = trace(fn, examples);
  const expected = opByOp(fn, inputs).run(inputs);
  const actual = traced.run(inputs);
  traced.dispose();
  expect(actual.map(describeTensor)).toEqual(expected.map(describeTensor));
  expected.forEach((tensor, i) => {
    const values = actual[i].dataSync();
    tensor.dataSync().forEach((value, place) => {
      const near = Object.is(value, values[place]) || Math.abs(value - values[place]) < 1e-5;
      expect(near, `output ${i} at ${place}: ${value} op by op, ${values[place]} traced`).toBe(true);
    });
  });
}

const describeTensor = ({ shape, dtype }: tf.Tensor) => ({ shape, dtype });
