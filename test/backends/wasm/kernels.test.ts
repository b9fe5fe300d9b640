import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { fusedBackward, fusedForward, fusedGeneration, fusedSoftmax } from '../../../src/model/tensor/fused.js';
import { Random } from '../../../src/sampling/random.js';
import { pick, PLAIN_SAMPLING, textDraws } from '../../../src/sampling/sampler.js';
import { registerKernels } from '../../../src/backends/wasm/kernels/register.js';

type Case = () => tf.Tensor | tf.Tensor[];

/** Uneven numbers of any size, as many as a shape wants. */
function numbers(shape: number[]): tf.Tensor {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 3 * Math.sin(1 + i * i));
  return tf.tensor(values, shape);
}

const matrix = (rows: number, columns: number) => numbers([rows, columns]) as tf.Tensor2D;

/** Shapes of products (M, K, N): whole tiles, parts of tiles, rows alone, long ones. */
const PRODUCTS = [
  [4, 3, 8], [5, 7, 13], [1, 100, 37], [1, 9, 100], [15, 6, 29], [1, 1, 1], [1, 5, 47], [1, 3, 79], [1, 2, 161], [3, 40, 4], [33, 5, 17], [130, 9, 12], [300, 64, 65],
]; // prettier-ignore

const FLAGS = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

const products = PRODUCTS.flatMap(([M, K, N]) =>
  FLAGS.map(([transposeA, transposeB]): [string, Case] => {
    const a = transposeA ? [K, M] : [M, K];
    const b = transposeB ? [N, K] : [K, N];
    return [
      `a product of ${a.join()} and ${b.join()}`,
      () => tf.matMul(numbers(a), numbers(b), transposeA, transposeB),
    ];
  }),
);

const TRANSPOSES = [[4, 8], [5, 7], [1, 9], [9, 1], [3, 2], [130, 33], [0, 3]]; // prettier-ignore

const transposes = TRANSPOSES.map((shape): [string, Case] => [
  `the transpose of ${shape.join()}`,
  () => [tf.transpose(numbers(shape)), tf.transpose(tf.cast(numbers(shape), 'int32'))],
]);

const CASES: Record<string, Case> = {
  'other orders of axes': () => [
    ...[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map((order) => tf.transpose(numbers([2, 3, 4]), order)), // prettier-ignore
    tf.transpose(numbers([1, 3, 1, 4]), [3, 2, 1, 0]),
    tf.transpose(numbers([1, 3, 1, 4]), [2, 1, 0, 3]),
    tf.transpose(tf.greater(matrix(3, 4), 0)),
  ],
  'batches of products': () => [
    tf.matMul(numbers([2, 3, 4]), numbers([2, 4, 5])),
    tf.matMul(numbers([1, 3, 4]), numbers([1, 4, 5])),
    tf.matMul(numbers([2, 3, 4]), numbers([1, 4, 5])),
    tf.matMul(matrix(3, 4), numbers([1, 1, 4, 5])),
  ],
  sums: () => [
    tf.sum(matrix(5, 13), 0),
    tf.sum(matrix(5, 13), 0, true),
    tf.sum(matrix(5, 13), 1),
    tf.sum(matrix(5, 13)),
    tf.sum(matrix(1, 13), 0),
    tf.sum(matrix(0, 3), 0),
    tf.sum(tf.scalar(3)),
    tf.sum(matrix(2, 3), []),
    tf.sum(numbers([2, 3, 4]), [0, 1]),
    tf.sum(numbers([2, 3, 4]), [1, 0], true),
    tf.sum(numbers([2, 3, 4]), 1),
    tf.sum(tf.cast(matrix(5, 13), 'int32'), 0),
  ],
  'sums with a vector': () => [
    tf.add(matrix(5, 13), numbers([13])),
    tf.add(numbers([2, 3, 9]), numbers([9])),
    tf.add(numbers([13]), matrix(5, 13)),
    tf.add(matrix(5, 1), numbers([1])),
    tf.add(matrix(0, 3), numbers([3])),
    tf.add(tf.cast(matrix(5, 13), 'int32'), tf.cast(numbers([13]), 'int32')),
  ],
  tanh: () => [
    tf.tanh(numbers([103])),
    tf.tanh(tf.linspace(-12, 12, 1001)),
    tf.tanh([0, -0, Infinity, -Infinity, NaN]),
  ],
  'tanh of small numbers': () => tf.mul(tf.tanh(tf.linspace(-1e-4, 1e-4, 101)), 1e4),
  rsqrt: () => tf.rsqrt([...Array(50).keys(), 1e-8, 1e30, Infinity, NaN, -1]),
  slices: () => [
    tf.slice(matrix(5, 7), [1, 0], [3, 7]),
    tf.slice(matrix(5, 7), [1, 2], [3, 4]),
    tf.slice(numbers([3, 4, 5]), [1, 1, 2], [2, 2, 2]),
    tf.slice(numbers([2, 3, 4, 5]), [0, 1, 0, 3], [2, 2, 4, 1]),
    tf.slice(tf.greater(numbers([9]), 0), 2, 3),
    tf.slice(matrix(5, 7), [2, 2], [0, 3]),
    tf.slice(tf.tensor1d(['a', 'b', 'c']), 1, 1),
  ],
  pieces: () => [
    ...tf.split(matrix(4, 6), 3, 1),
    ...tf.split(matrix(4, 6), [1, 3], 0),
    ...tf.unstack(matrix(4, 6), 0),
    ...tf.unstack(matrix(4, 6), 1),
    ...tf.unstack(numbers([2, 3, 4]), -1),
  ],
  joins: () => [
    tf.concat([matrix(2, 3), matrix(4, 3)], 0),
    tf.concat([matrix(2, 3), matrix(2, 5), matrix(2, 0)], 1),
    tf.concat([numbers([2, 1, 3]), numbers([2, 2, 3])], 1),
    tf.stack([matrix(2, 3), matrix(2, 3)], 0),
    tf.stack([matrix(2, 3), matrix(2, 3)], 2),
    tf.stack([tf.scalar(1), tf.scalar(2)]),
    tf.concat([tf.tensor1d(['a']), tf.tensor1d(['b'])]),
  ],
  copies: () => [tf.clone(matrix(2, 3)), tf.clone(tf.scalar(true)), tf.clone(tf.tensor1d(['a']))],
  casts: () => [
    tf.cast(numbers([9]), 'int32'),
    tf.cast(tf.tensor1d([1, 0, 3], 'int32'), 'float32'),
    tf.cast(tf.tensor1d([true, false]), 'float32'),
    tf.cast(tf.tensor1d([1, 0, 3], 'int32'), 'bool'),
  ],
  'tensors of one value': () => [
    tf.fill([2, 3], 1.5),
    tf.fill([2], 7, 'int32'),
    tf.zerosLike(matrix(2, 3)),
    tf.onesLike(tf.tensor1d([true, false])),
  ],
  'one-hot rows of integers': () => [
    tf.oneHot(tf.tensor1d([2, 0, 5, -1], 'int32'), 4),
    tf.oneHot(tf.tensor2d([[1, 0]], undefined, 'int32'), 3, 5, -2),
  ],
  gather: () => [
    tf.gather(matrix(5, 7), tf.tensor1d([4, 0, 0], 'int32')),
    tf.gather(matrix(5, 7), tf.tensor1d([6, 2], 'int32'), 1),
    tf.gather(numbers([5]), tf.tensor2d([[4, 0], [1, 1]], undefined, 'int32')), // prettier-ignore
    tf.gather(tf.greater(matrix(5, 7), 0), tf.tensor1d([3], 'int32')),
    tf.gather(matrix(5, 7), tf.tensor1d([], 'int32')),
  ],
};

const ALL = [...Object.entries(CASES), ...products, ...transposes];

await tf.setBackend('wasm');
const stock = ALL.map(([, compute]) => results(compute));
registerKernels();

it.each(ALL.map(([name, compute], i) => [name, compute, stock[i]] as const))(
  "our kernels give what tfjs's own give: %s",
  (_, compute, expected) => {
    const actual = results(compute);
    expect(actual.map(describeTensor)).toEqual(expected.map(describeTensor));
    actual.forEach(({ values }, i) => {
      const wrong = values.findIndex((value, place) => !closeTo(value, expected[i].values[place]));
      expect(wrong, `result ${i}: ${String(values[wrong])}, not ${String(expected[i].values[wrong])}`).toBe(-1);
      expect(values).toHaveLength(expected[i].values.length);
    });
  },
);

it('multiply empty matrices, and sum nothing to 0', () => {
  expect(tf.matMul(matrix(2, 0), matrix(0, 3)).arraySync()).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
  expect(tf.matMul(matrix(0, 2), matrix(2, 3)).shape).toEqual([0, 3]);
  expect(tf.matMul(matrix(3, 2), matrix(0, 2), false, true).shape).toEqual([3, 0]);
});

it('multiply a row with a large matrix as rows in company, to the bit', () => {
  for (const [K, N] of [
    [411, 323],
    [512, 256],
  ] as const) {
    const [rows, b] = [matrix(4, K), matrix(K, N)];
    const alone = tf.matMul(tf.slice(rows, [2, 0], [1, K]), b);
    expect(alone.dataSync()).toEqual(tf.slice(tf.matMul(rows, b), [2, 0], [1, N]).dataSync());
  }
});

it('gather from each of a batch on its own', () => {
  const rows = tf.tensor2d([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  const picked = tf.gather(rows, tf.tensor2d([[2, 0], [1, 1]], undefined, 'int32'), 1, 1); // prettier-ignore
  expect(picked.arraySync()).toEqual([[3, 1], [5, 5]]); // prettier-ignore
});

it('sum rows by segment, and leave rows of no segment out', () => {
  const rows = tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]); // prettier-ignore
  const sums = (segments: number[]) => tf.unsortedSegmentSum(rows, tf.tensor1d(segments, 'int32'), 3).arraySync();
  expect(sums([2, 0, 2, -1])).toEqual([[3, 4], [0, 0], [6, 8]]); // prettier-ignore
  expect(sums([1, 1, 1, 3])).toEqual([[0, 0], [9, 12], [0, 0]]); // prettier-ignore
  const values = tf.unsortedSegmentSum([1, 2, 4], tf.tensor1d([1, 1, 0], 'int32'), 2);
  expect(values.arraySync()).toEqual([4, 3]);
  const integers = tf.tensor1d([1, 2], 'int32');
  expect(() => tf.unsortedSegmentSum(integers, integers, 3)).toThrow('sums float32, but got int32; cast it first');
});

it.each([
  [1, 1, 21],
  [1, 6, 21],
  [1, 5, 103],
  [1, 4, 150],
  [3, 4, 21],
  [33, 2, 21],
])('go through time as products and tanh do, bit for bit: %i streams, %i steps, %i units', (B, T, H) => {
  const [steps, first, Whh, wanted] = [
    matrix(T * B, H),
    matrix(B, H),
    tf.div<tf.Tensor2D>(matrix(H, H), 9),
    matrix(T * B, H),
  ];
  const cut = (rows: tf.Tensor2D, t: number) => tf.slice(rows, [t * B, 0], [B, H]);
  const hs: tf.Tensor2D[] = [first];
  for (let t = 0; t < T; t++) hs.push(tf.tanh(tf.add<tf.Tensor2D>(cut(steps, t), tf.matMul(hs[t], Whh))));
  const states = tf.concat(hs);
  expect(fusedForward(steps, first, Whh)?.arraySync()).toEqual(states.arraySync());
  const backs: tf.Tensor2D[] = [];
  for (let t = T - 1; t >= 0; t--) {
    const asked = t + 1 < T ? tf.add<tf.Tensor2D>(tf.matMul(backs[0], Whh), cut(wanted, t)) : cut(wanted, t);
    backs.unshift(tf.mul(asked, tf.sub(1, tf.square(hs[t + 1]))));
  }
  expect(fusedBackward(states, wanted, Whh)?.arraySync()).toEqual(tf.concat(backs).arraySync());
});

it.each([
  [11, 13],
  [7, 40],
  [130, 101],
])('generate what reading symbol after symbol gives: %i symbols, %i units', (V, H) => {
  const N = 60;
  const [Whh, inputs] = [matrix(H, H), matrix(V, H)].map((each) => tf.mul<tf.Tensor2D>(each, 0.3));
  const [first, start] = [matrix(1, H), tf.tensor1d([4], 'int32')];
  const [Why, by] = [matrix(H, V), numbers([V]) as tf.Tensor1D];
  const draws = textDraws(new Random(8), N, PLAIN_SAMPLING);
  const [states, symbols] =
    fusedGeneration({ inputs, Whh, Why, by, hidden: first, start, draws: tf.tensor1d(draws) }) ?? [];
  let [hidden, symbol] = [first, start];
  const expected = Array.from(draws, (draw) => {
    hidden = tf.tanh(tf.add<tf.Tensor2D>(tf.gather(inputs, symbol), tf.matMul(hidden, Whh)));
    const logits = tf.add(tf.matMul(hidden, Why), by).dataSync<'float32'>();
    symbol = tf.tensor1d([pick(logits, draw, PLAIN_SAMPLING)], 'int32');
    return [Array.from(hidden.dataSync()), symbol.dataSync()[0]] as const;
  });
  expect(symbols.arraySync()).toEqual(expected.map(([, picked]) => picked));
  expect(new Set(symbols.dataSync()).size).toBeGreaterThan(4);
  const difference = tf
    .max(
      tf.abs(
        tf.sub(
          states,
          expected.map(([values]) => values),
        ),
      ),
    )
    .dataSync()[0];
  expect(difference).toBeLessThan(1e-6);
  // Inputs are left as they were.
  expect([first, start].map((tensor) => tensor.dataSync())).toEqual([matrix(1, H).dataSync(), Int32Array.of(4)]);
});

it('generate the first of the largest logits where these are sharp, the last symbol where nothing is left of a draw', () => {
  const zeros = (...shape: [number, number]) => tf.zeros<tf.Rank.R2>(shape);
  const generated = (by: number[], draws: number[]) =>
    fusedGeneration({
      ...{ inputs: zeros(by.length, 3), Whh: zeros(3, 3), Why: zeros(3, by.length), by: tf.tensor1d(by) },
      ...{ hidden: zeros(1, 3), start: tf.tensor1d([0], 'int32'), draws: tf.tensor1d(draws) },
    })?.[1].arraySync();
  const [greedy] = textDraws(new Random(1), 1, { ...PLAIN_SAMPLING, greedy: true });
  expect(generated([1e20, -3e20, 5e20, 4e20, 5e20], [greedy])).toEqual([2]);
  expect(generated([0, 0, 0, 0, 0], [0.1, 0.5, 0.9, 1])).toEqual([0, 2, 4, 4]);
  expect(generated([NaN, 0, 0], [0.5]), 'not a number: one that there is').toEqual([0]);
});

it.each([1, 3, 4, 5, 8, 66])('give the softmax of %i values, its targets and their differences', (V) => {
  const N = 30;
  const logits = tf.mul<tf.Tensor2D>(matrix(N, V), tf.tensor2d(Array.from({ length: N }, (_, n) => [1.3 ** n])));
  const targets = Int32Array.from({ length: N }, (_, n) => (7 * n) % V);
  const [picked, difference] =
    fusedSoftmax(logits, tf.tensor1d(targets, 'int32'))?.map((each) => each.dataSync()) ?? [];
  const y = logits.dataSync();
  for (let n = 0; n < N; n++) {
    const row = [...y.subarray(n * V, (n + 1) * V)];
    const weights = row.map((value) => Math.exp(Math.fround(value - Math.max(...row))));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(Math.abs(picked[n] - weights[targets[n]] / total)).toBeLessThan(3e-7 * picked[n] + 2e-38);
    weights.forEach((weight, v) => {
      const expected = weight / total - (v === targets[n] ? 1 : 0);
      expect(Math.abs(difference[n * V + v] - expected)).toBeLessThan(3e-7 * Math.abs(expected) + 1e-7);
    });
  }
});

it('give no softmax where a value is none, and refuse a target that is none', () => {
  const targets = (...places: number[]) => tf.tensor1d(places, 'int32');
  const rows = tf.tensor2d([[1, NaN, 2, 3, 4], [Infinity, 1, 2, 3, 4], [1, 2, 3, 4, NaN], [5, 5, -Infinity, 5, 5]]); // prettier-ignore
  const [picked] = fusedSoftmax(rows, targets(0, 1, 2, 4)) ?? [];
  expect([...picked.dataSync()]).toEqual([NaN, NaN, NaN, 0.25]);
  expect(() => fusedSoftmax(rows, targets(0, 1, 2, 5))).toThrow('the index value 5 is not in [0, 4]');
  expect(() => fusedSoftmax(rows, targets(0, 1, -1, 0))).toThrow('the index value -1 is not in [0, 4]');
});

it('write one-hot rows in the dtype that was asked for', () => {
  const indices = tf.tensor1d([1, 0, 7], 'int32');
  expect(tf.oneHot(indices, 2, 1.5, -0.5, 'float32').arraySync()).toEqual([[-0.5, 1.5], [1.5, -0.5], [-0.5, -0.5]]); // prettier-ignore
  expect([...tf.oneHot(indices, 2, 1, 0, 'bool').dataSync()]).toEqual([0, 1, 1, 0, 0, 0]);
});

it('are within 2e-7 of the true tanh, never beyond 1, and odd', () => {
  const x = Float32Array.from({ length: 200_001 }, (_, i) => (i - 100_000) / 8000);
  const values = tf.tanh(x).dataSync();
  expect(values.every((value, i) => Math.abs(value - Math.tanh(x[i])) < 2e-7)).toBe(true);
  expect(values.every((value, i) => Math.abs(value) <= 1 && value === -values[values.length - 1 - i])).toBe(true);
});

interface Result {
  shape: number[];
  dtype: tf.DataType;
  values: readonly unknown[];
}

function results(compute: Case): Result[] {
  const outputs = [compute()].flat();
  return outputs.map((output) => ({ ...describeTensor(output), values: Array.from<unknown>(output.dataSync()) }));
}

function describeTensor({ shape, dtype }: tf.TensorInfo | Result): Omit<Result, 'values'> {
  return { shape, dtype };
}

/** Sums may be taken in another order: numbers may differ by rounding. */
function closeTo(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  return typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= 5e-5 * Math.max(1, Math.abs(a));
}
