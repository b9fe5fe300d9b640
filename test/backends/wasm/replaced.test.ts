import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { tensorBackend } from '../../../src/backends/active-backend.js';
import { loadWasm } from '../../../src/backends/wasm/load.js';
import { optimize } from '../../../src/backends/wasm/optimize.js';
import { record } from '../../../src/backends/wasm/recorder.js';
import { simdFunctions } from '../../../src/backends/wasm/simd/functions.js';
import { traceWasm } from '../../../src/backends/wasm/trace.js';
import { wasmBackend } from '../../../src/backends/wasm/wasm-backend.js';
import { opByOp, type TensorFunction } from '../../../src/model/tensor/compile.js';
import { repeated } from '../../../src/model/tensor/repeated.js';
import { describeBackend } from '../../model/describe-backend.js';

const [ROWS, COLUMNS] = [7, 5];

const offsetOf = ({ dataId }: tf.Tensor) => wasmBackend().dataIdMap.get(dataId).memoryOffset;
const valuesOf = (tensors: tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);
const table = (seed: number, rows = ROWS) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * COLUMNS }, (_, i) => Math.sin(seed + i)),
    [rows, COLUMNS],
  );

/** Adagrad on a table of which a window has some rows: (table, memory, gradients of rows, which rows) → (table, memory). */
const update: TensorFunction = (...tensors) => {
  const [weights, memory, rows, picked] = tensors as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
  const gradient = tf.clipByValue(tf.unsortedSegmentSum<tf.Tensor2D>(rows, picked, ROWS), -0.5, 0.5);
  const next = tf.add(memory, tf.square(gradient));
  return [tf.sub(weights, tf.mul(gradient, tf.rsqrt(tf.add(next, 1e-8)))), next];
};
const picked = (...rows: number[]) => tf.tensor1d(rows, 'int32');
const windowOf = (...rows: number[]) => [table(3, rows.length), picked(...rows)];

/** Functions of two tables and a third tensor whose outputs take the place of the tables. */
const STATES: Record<string, TensorFunction> = {
  'updates of each': (a, b, c) => [tf.sub(a, tf.mul(b, c)), tf.add(b, tf.square(c)), tf.neg(c)],
  'an update whose old value is needed later': (a, b, c) => {
    const next = tf.add(a, c);
    return [next, tf.matMul(tf.matMul(b as tf.Tensor2D, a as tf.Tensor2D, false, true), a)];
  },
  'a swap': (a, b) => [tf.mul(b, 1), tf.mul(a, 1)],
  'parts of the other': (a, b) => [
    tf.slice(tf.concat([b, b]), [2, 0], [ROWS, COLUMNS]),
    tf.slice(tf.concat([a, a]), [3, 0], [ROWS, COLUMNS]),
  ],
  'the other, copied': (a, b) => [tf.clone(b), tf.clone(a), tf.clone(a)],
  'one that comes from another': (a, b, c) => {
    const sum = tf.add(a, c);
    return [
      tf.mul(sum, tf.matMul(tf.matMul(sum as tf.Tensor2D, b as tf.Tensor2D, false, true), b as tf.Tensor2D)),
      sum,
    ];
  },
  'the same twice': (a, b, c) => {
    const sum = tf.add(tf.add(a, b), c);
    return [sum, tf.clone(sum)];
  },
};

await describeBackend('a function recorded on wasm whose outputs replace inputs', loadWasm, { compile: true }, () => {
  it.each(Object.entries(STATES))('gives what it gives op by op, call after call: %s', (_, fn) => {
    let [state, expected] = [
      [table(1), table(2)],
      [table(1), table(2)],
    ];
    const traced = traceWasm(fn, [...state, table(9)], 2);
    for (let call = 0; call < 4; call++) {
      const [given, others] = [table(call), opByOp(fn, []).run([...expected, table(call)])];
      const outputs = traced.run([...state, given]);
      expect(valuesOf(outputs)).toEqual(valuesOf(others));
      expect(outputs.slice(0, 2).map(offsetOf)).toEqual(state.map(offsetOf));
      tf.dispose([state, expected]);
      [state, expected] = [outputs.slice(0, 2) as tf.Tensor2D[], others.slice(0, 2) as tf.Tensor2D[]];
    }
    traced.dispose();
  });

  it.each(Object.entries(STATES))('records one turn of a repeated function, and gives the same: %s', (_, fn) => {
    const turn: TensorFunction = (a, b, row, other) => {
      const [nextA, nextB] = fn(a, b, tf.mul(tf.ones([ROWS, 1]), row));
      return [nextA, nextB, tf.add(tf.mul(row, 2), other)];
    };
    const given = () => [table(1), table(2), tf.linspace(-1, 1, 4 * COLUMNS), tf.linspace(2, 3, 4 * COLUMNS)];
    const whole = repeated(turn, 4, 2);
    const traced = traceWasm(whole, given(), 2);
    const once = traceWasm(repeated(turn, 4, 2), given(), 1);
    const expected = valuesOf(opByOp(whole, []).run(given()));
    expect(valuesOf(traced.run(given()))).toEqual(expected);
    expect(valuesOf(once.run(given())), 'where not all of the state is replaced').toEqual(expected);
    traced.dispose();
    once.dispose();
  });

  it('takes states that have moved since the last call', () => {
    const traced = traceWasm(update, [table(1), table(2), ...windowOf(0, 0, 4)], 2);
    for (let seed = 0; seed < 3; seed++) {
      const inputs = [table(seed), tf.square(table(seed)), ...windowOf(1, 6, 1)];
      const expected = valuesOf(opByOp(update, []).run(inputs));
      expect(valuesOf(traced.run(inputs))).toEqual(expected);
    }
    traced.dispose();
  });

  it('leaves memory alone that another tensor shares, or that is given twice', () => {
    const fn: TensorFunction = (a, b) => [tf.add(a, 1), tf.mul(b, 2)];
    const traced = traceWasm(fn, [table(1), table(2)], 2);
    const shared = table(5);
    const before = [...shared.dataSync()];
    const view = tf.reshape(shared, [ROWS, COLUMNS]);
    const [first] = traced.run([view, table(1)]);
    const [second, third] = traced.run([shared, shared]);
    expect([...shared.dataSync()]).toEqual(before);
    const sums = [...tf.add(shared, 1).dataSync()];
    expect(valuesOf([first, second, third])).toEqual([sums, sums, [...tf.mul(shared, 2).dataSync()]]);
    traced.dispose();
  });

  it('reads large inputs where they lie, wherever that is, and leaves them alone', () => {
    const large = (value: number) => tf.fill<tf.Rank.R2>([100, 100], value);
    const fn: TensorFunction = (a, x) => [tf.matMul(x, a), tf.sum(a, 1)];
    const traced = traceWasm(fn, [large(1), tf.ones([1, 100])]);
    const weights = [large(2), large(3)];
    for (const i of [0, 1, 0]) {
      const [product, sums] = traced.run([weights[i], tf.ones([1, 100])]);
      expect([...product.dataSync(), ...sums.dataSync()]).toEqual(Array(200).fill(100 * (i + 2)));
      expect([...weights[i].dataSync()]).toEqual(Array(10_000).fill(i + 2));
    }
    traced.dispose();
  });
});

await describeBackend('a sum of rows by segment, recorded on wasm', loadWasm, { compile: true }, () => {
  const sparseSteps = (fn: TensorFunction, replaced: number) => {
    const examples = [table(1), table(2), ...windowOf(0, 1)];
    return optimize(record(wasmBackend(), fn, examples, replaced)).steps.filter((step) => 'summed' in step).length;
  };

  it('updates the rows alone that are named, as updating all does, bit for bit', () => {
    let [state, expected] = [
      [table(1), tf.zeros([ROWS, COLUMNS])],
      [table(1), tf.zeros([ROWS, COLUMNS])],
    ];
    const traced = traceWasm(update, [...state, ...windowOf(0, 1, 2, 3)], 2);
    for (const rows of [
      [2, 5, 2, 2],
      [0, 1, 2, 6],
      [-1, 7, 3, 3],
      [4, 4, 4, 4],
    ]) {
      // prettier-ignore
      state = traced.run([...state, ...windowOf(...rows)]);
      expected = opByOp(update, []).run([...expected, ...windowOf(...rows)]);
      expect(valuesOf(state)).toEqual(valuesOf(expected));
    }
    traced.dispose();
  });

  it('reads its rows before a step, or its own loop, writes over them', () => {
    const summed = (rows: tf.Tensor, segments: tf.Tensor) =>
      tf.unsortedSegmentSum<tf.Tensor2D>(rows as tf.Tensor2D, segments as tf.Tensor1D, ROWS);
    const between: TensorFunction = (rows, a, segments) => {
      const sums = summed(rows, segments);
      const next = tf.add(rows, 1);
      return [next, tf.sub(a, sums)];
    };
    const itself: TensorFunction = (a, b, segments) => [tf.sub(a, summed(a, segments)), tf.add(b, 1)];
    for (const [fn, rows] of [
      [between, 3],
      [itself, ROWS],
    ] as const) {
      const inputs = () => [table(1, rows), table(2), picked(...[4, 0, 4, 1, 2, 3, 0].slice(0, rows))];
      const expected = valuesOf(opByOp(fn, []).run(inputs()));
      const traced = traceWasm(fn, inputs(), 2);
      expect(valuesOf(traced.run(inputs()))).toEqual(expected);
      traced.dispose();
    }
  });

  it('is done row by row only where a row of zeros would change nothing', () => {
    expect(sparseSteps(update, 2)).toBe(1);
    expect(sparseSteps(update, 1), 'the memories are new').toBe(0);
    expect(sparseSteps(update, 0)).toBe(0);
    const sums = (rows: tf.Tensor, segments: tf.Tensor) =>
      tf.unsortedSegmentSum<tf.Tensor2D>(rows as tf.Tensor2D, segments as tf.Tensor1D, ROWS);
    const alone: TensorFunction = (a, _, rows, segments) => [tf.sub(a, sums(rows, segments))];
    expect(sparseSteps(alone, 1)).toBe(1);
    const decaying: TensorFunction = (a, _, ...of) => {
      const all = sums(of[0], of[1]);
      return [tf.sub(tf.mul(a, 0.5), all)];
    };
    expect(sparseSteps(decaying, 1)).toBe(0);
    const lifted: TensorFunction = (a, _, ...of) => [tf.sub(a, tf.clipByValue(sums(of[0], of[1]), 0.1, 1))];
    expect(sparseSteps(lifted, 1)).toBe(0);
    const shown: TensorFunction = (a, b, ...of) => {
      const all = sums(of[0], of[1]);
      return [tf.sub(a, all), tf.add(b, 1), all];
    };
    expect(sparseSteps(shown, 2)).toBe(0);
  });
});

describe('the state of a model that trains on wasm', () => {
  it('is neither read nor copied in a call', async () => {
    const { TensorModel } = await import('../../../src/model/tensor/tensor-model.js');
    const { problem, windows } = await import('../../model/problem.js');
    const of = problem({ batchSize: 2, seqLength: 3, hiddenSize: 100 });
    const model = new TensorModel(tensorBackend('wasm', traceWasm), of.config, of.state);
    const train = (step: number) => {
      const { inputs, targets, rates } = windows(of, step);
      model.train(inputs, targets, rates);
    };
    train(0);
    const { wasm } = wasmBackend();
    const { HEAPU8 } = wasm;
    const moved: number[] = [];
    const functions = simdFunctions(wasm);
    const { copy } = functions;
    Object.assign(functions, { copy: (...given: Parameters<typeof copy>) => (moved.push(given[2]), copy(...given)) });
    HEAPU8.slice = (from = 0, end = HEAPU8.length) => (moved.push(end - from), HEAPU8.subarray(from, end).slice());
    for (let step = 1; step < 4; step++) train(step);
    Object.assign(functions, { copy });
    Reflect.deleteProperty(HEAPU8, 'slice');
    expect(moved.length).toBeGreaterThan(0);
    // The hidden state and rows of it, no weights: H H values of 4 bytes.
    expect(Math.max(...moved)).toBeLessThanOrEqual(2 * 100 * 4);
    model.dispose();
  });
});
