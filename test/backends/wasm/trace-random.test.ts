import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { opByOp, type TensorFunction } from '../../../src/model/tensor/compile.js';
import { loadWasm } from '../../../src/backends/wasm/load.js';
import { optimize } from '../../../src/backends/wasm/optimize.js';
import { record } from '../../../src/backends/wasm/recorder.js';
import { traceWasm } from '../../../src/backends/wasm/trace.js';
import { wasmBackend } from '../../../src/backends/wasm/wasm-backend.js';
import { describeBackend } from '../../model/describe-backend.js';

const [ROWS, COLUMNS] = [4, 7];

/** Ways to get a (4, 7) matrix from two, by which fusions, views and joins come in every order. */
const WAYS: readonly ((a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor)[] = [
  (a, b) => tf.add(a, b),
  (a, b) => tf.sub(a, b),
  (a, b) => tf.mul(a, b),
  (a, b) => tf.maximum(a, b),
  (a) => tf.square(a),
  (a) => tf.tanh(a),
  (a) => tf.rsqrt(tf.add(tf.square(a), 1)),
  (a) => tf.clipByValue(a, -0.5, 0.75),
  (a, b) => tf.add(a, tf.slice(b, [1, 0], [1, COLUMNS])),
  (a, b) => tf.mul(a, tf.reshape(tf.slice(b, [2, 3], [1, 1]), [])),
  (a, b) => tf.matMul(a, tf.matMul(a, b, true)),
  (a, b) => tf.concat([tf.slice(a, [1, 0], [3, COLUMNS]), tf.slice(b, [0, 0], [1, COLUMNS])]),
  (a, b) => tf.stack([...tf.unstack(a).slice(2), ...tf.unstack(b).slice(0, 2)]),
  (a, b) => tf.stack(tf.unstack(a).map((row) => tf.sub(tf.add(row, tf.slice(b, [0, 0], [1, COLUMNS])), 1))),
  (a) => tf.concat([tf.split(a, 2)[0], tf.split(a, 2)[0]]),
  (a, b) => tf.clone(tf.add(a, b)),
  (a) => tf.reshape(tf.concat([tf.reshape(a, [ROWS * COLUMNS])]), [ROWS, COLUMNS]),
  (a) => tf.transpose(tf.transpose(a)),
];

const step = fc.record({ way: fc.nat(WAYS.length - 1), a: fc.nat(), b: fc.nat() });

interface Recipe {
  steps: { way: number; a: number; b: number }[];
  returned: number[];
}

/** What a function of two matrices makes one after another, and what of that it returns besides the last. */
const recipe: fc.Arbitrary<Recipe> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 20 }),
  returned: fc.array(fc.nat(), { maxLength: 3 }),
});

function functionOf({
  steps,
  returned,
}: {
  steps: (typeof step extends fc.Arbitrary<infer S> ? S : never)[];
  returned: number[];
}): TensorFunction {
  return (...inputs) => {
    const made = [...inputs] as tf.Tensor2D[];
    for (const { way, a, b } of steps) {
      made.push(tf.reshape(WAYS[way](made[a % made.length], made[b % made.length]), [ROWS, COLUMNS]));
    }
    const outputs = [made.length - 1, ...returned.map((i) => 2 + (i % steps.length))];
    return [...new Set(outputs)].map((i) => made[i]);
  };
}

function matrix(seed: number): tf.Tensor2D {
  return tf.tensor2d(
    Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(seed + i * i)),
    [ROWS, COLUMNS],
  );
}

/** Compares five calls of a function whose outputs replace its inputs, as many as it has, with the same op by op. */
function expectReplaced(fn: TensorFunction): void {
  let [state, expected] = [[matrix(1), matrix(2)] as tf.Tensor[], [matrix(1), matrix(2)] as tf.Tensor[]];
  const count = Math.min(2, opByOp(fn, []).run(state).length);
  const traced = traceWasm(fn, state, count);
  const limited = (outputs: tf.Tensor[]) => outputs.map((output) => tf.clipByValue(output, -2, 2));
  for (let call = 0; call < 5; call++) {
    const [outputs, others] = [traced.run(state), opByOp(fn, []).run(expected)];
    expect(outputs.map((output) => [...output.dataSync()])).toEqual(others.map((output) => [...output.dataSync()]));
    state = [...limited(outputs.slice(0, count)), ...state.slice(count)];
    expected = [...limited(others.slice(0, count)), ...expected.slice(count)];
  }
  traced.dispose();
}

/** How many steps are left of a function after views and fusion. */
function stepsOf(fn: TensorFunction, examples: tf.Tensor[]): { recorded: number; left: number } {
  const recording = record(wasmBackend(), fn, examples);
  return { recorded: recording.steps.length, left: optimize(recording).steps.length };
}

await describeBackend('any function recorded on wasm', loadWasm, { compile: true }, () => {
  it('gives what it gives op by op, bit for bit, on every run', () => {
    fc.assert(
      fc.property(recipe, (each) => {
        const fn = functionOf(each);
        tf.engine().startScope();
        const traced = traceWasm(fn, [matrix(1), matrix(2)]);
        for (const seed of [3, 4]) {
          const inputs = [matrix(seed), matrix(seed + 0.5)];
          const values = (outputs: tf.Tensor[]) => outputs.map((output) => [...output.dataSync()]);
          expect(values(traced.run(inputs))).toEqual(values(opByOp(fn, inputs).run(inputs)));
        }
        traced.dispose();
        expectReplaced(fn);
        tf.engine().endScope();
      }),
      { numRuns: 300 },
    );
  });

  it('does a chain of elementwise operations in one loop', () => {
    const chain: TensorFunction = (a, b) => [tf.mul(tf.add(a, b), tf.sub(1, tf.square(a)))];
    expect(stepsOf(chain, [matrix(1), matrix(2)])).toEqual({ recorded: 4, left: 1 });
  });

  it('does not join what shares no values', () => {
    const apart: TensorFunction = (a, b) => [tf.square(a), tf.tanh(b)];
    expect(stepsOf(apart, [matrix(1), matrix(2)])).toEqual({ recorded: 2, left: 2 });
  });

  it('copies nothing where parts are read, or joined from where they are computed', () => {
    const parts: TensorFunction = (a) => [tf.matMul(tf.slice(a, [1, 0], [2, COLUMNS]), a, false, true)];
    const joined: TensorFunction = (a, b) => [tf.concat([tf.tanh(a), tf.square(b)])];
    const inputs = [matrix(1), matrix(2)];
    const { recorded, left } = stepsOf(parts, inputs);
    expect(recorded - left).toBe(1);
    expect(stepsOf(joined, inputs)).toEqual({ recorded: 4, left: 2 });
  });
});
