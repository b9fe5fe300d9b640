import { describe, expect, it } from 'vitest';
import {
  addColumnSums,
  addMultiply,
  addMultiplyTransposed,
  addTransposedMultiply,
  type Matrix,
  matrix,
} from '../../../src/model/reference/matrix.js';
import { Random } from '../../../src/sampling/random.js';

/** Before and after the matrix in its array: a row too many would show there. */
const MARGIN = 7;

const random = new Random(3);

/** A matrix of whole numbers inside a larger array: sums of their products are exact, in whatever order. */
function filled(rows: number, columns: number): Matrix {
  const values = Float64Array.from(
    { length: rows * columns + 2 * MARGIN },
    () => Math.floor(random.uniform() * 19) - 9,
  );
  return matrix(values, rows, columns, MARGIN);
}

const at = ({ data, columns, offset }: Matrix, row: number, column: number) => data[offset + row * columns + column];

/** What stands in the whole array of `out` after value (m, n) has grown by `sum(m, n)`. */
function expected(out: Matrix, sum: (m: number, n: number) => number): Float64Array {
  const values = Float64Array.from(out.data);
  for (let m = 0; m < out.rows; m++)
    for (let n = 0; n < out.columns; n++) values[out.offset + m * out.columns + n] += sum(m, n);
  return values;
}

const total = (count: number, term: (k: number) => number) =>
  Array.from({ length: count }, (_, k) => term(k)).reduce((sum, value) => sum + value, 0);

/** Odd and even, below and above the four and eight columns of tiles and the 64 rows of a block. */
const SHAPES = [1, 2, 3, 6].flatMap((M) =>
  [1, 3, 4, 5, 9, 13].flatMap((N) => [1, 5, 63, 64, 65, 130].map((K) => [M, N, K] as const)),
);

describe('products of matrices, of all shapes and anywhere in an array', () => {
  it('add a · bᵀ', () => {
    for (const [M, N, K] of SHAPES) {
      const [out, a, b] = [filled(M, N), filled(M, K), filled(N, K)];
      const after = expected(out, (m, n) => total(K, (k) => at(a, m, k) * at(b, n, k)));
      addMultiplyTransposed(out, a, b);
      expect(out.data, `${M}, ${N}, ${K}`).toEqual(after);
    }
  });

  it('add a · b', () => {
    for (const [M, N, K] of SHAPES) {
      const [out, a, b] = [filled(M, N), filled(M, K), filled(K, N)];
      const after = expected(out, (m, n) => total(K, (k) => at(a, m, k) * at(b, k, n)));
      addMultiply(out, a, b);
      expect(out.data, `${M}, ${N}, ${K}`).toEqual(after);
    }
  });

  it('add aᵀ · b', () => {
    for (const [M, N, K] of SHAPES) {
      const [out, a, b] = [filled(M, N), filled(K, M), filled(K, N)];
      const after = expected(out, (m, n) => total(K, (k) => at(a, k, m) * at(b, k, n)));
      addTransposedMultiply(out, a, b);
      expect(out.data, `${M}, ${N}, ${K}`).toEqual(after);
    }
  });

  it('add the rows of a', () => {
    const a = filled(5, 3);
    const sums = Float64Array.of(1, 2, 3);
    addColumnSums(sums, a);
    expect(sums).toEqual(Float64Array.of(1, 2, 3).map((value, n) => value + total(5, (m) => at(a, m, n))));
  });
});
