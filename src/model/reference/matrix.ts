import { addColumns1x4, addColumns2x4, addDot, addDots1x4, addDots1x8, addDots2x4, type FloatArray } from './tiles.js';

/** A matrix inside a larger array: row r starts at `offset + r * columns`. */
export interface Matrix {
  data: FloatArray;
  rows: number;
  columns: number;
  offset: number;
}

/** A view of `data` as a matrix, row by row. */
export function matrix(data: FloatArray, rows: number, columns: number, offset = 0): Matrix {
  return { data, rows, columns, offset };
}

/** out (M, N) += a (M, K) · bᵀ, with b (N, K). */
export function addMultiplyTransposed(out: Matrix, a: Matrix, b: Matrix): void {
  const { data, rows: M, columns: N } = out;
  const K = a.columns;
  for (let m = 0; m < M; m += 2) {
    const pair = m + 1 < M;
    const ai = a.offset + m * K;
    const oi = out.offset + m * N;
    let n = 0;
    for (; !pair && n + 8 <= N; n += 8) addDots1x8(data, oi + n, a.data, ai, b.data, b.offset + n * K, K);
    for (; n + 4 <= N; n += 4) {
      if (pair) addDots2x4(data, oi + n, N, a.data, ai, b.data, b.offset + n * K, K);
      else addDots1x4(data, oi + n, a.data, ai, b.data, b.offset + n * K, K);
    }
    for (; n < N; n++) {
      addDot(data, oi + n, a.data, ai, 1, b.data, b.offset + n * K, 1, K);
      if (pair) addDot(data, oi + N + n, a.data, ai + K, 1, b.data, b.offset + n * K, 1, K);
    }
  }
}

/** out (M, N) += a (M, K) · b (K, N). */
export function addMultiply(out: Matrix, a: Matrix, b: Matrix): void {
  addCombinations(out, a, a.columns, 1, b);
}

/** out (M, N) += aᵀ · b, with a (K, M) and b (K, N): the sum of K outer products. */
export function addTransposedMultiply(out: Matrix, a: Matrix, b: Matrix): void {
  addCombinations(out, a, 1, a.columns, b);
}

/** Rows of b that are gone through at a time, so that they stay in the processor's cache. */
const DEPTH = 64;

/** Row m of out += Σ_k w_mk · row k of b, where w_mk is at `m * rowStride + k * stride` of `weights`. */
function addCombinations(out: Matrix, weights: Matrix, rowStride: number, stride: number, b: Matrix): void {
  const { data, rows: M, columns: N } = out;
  for (let k = 0; k < b.rows; k += DEPTH) {
    const K = Math.min(DEPTH, b.rows - k);
    const bi = b.offset + k * N;
    for (let m = 0; m < M; m += 2) {
      const pair = m + 1 < M;
      const wi = weights.offset + m * rowStride + k * stride;
      const oi = out.offset + m * N;
      let n = 0;
      for (; n + 4 <= N; n += 4) {
        if (pair) addColumns2x4(data, oi + n, N, weights.data, wi, wi + rowStride, stride, b.data, bi + n, K);
        else addColumns1x4(data, oi + n, N, weights.data, wi, stride, b.data, bi + n, K);
      }
      for (; n < N; n++) {
        addDot(data, oi + n, weights.data, wi, stride, b.data, bi + n, N, K);
        if (pair) addDot(data, oi + N + n, weights.data, wi + rowStride, stride, b.data, bi + n, N, K);
      }
    }
  }
}

/** out (N) += the sum of the rows of a (M, N). */
export function addColumnSums(out: FloatArray, a: Matrix): void {
  for (let m = 0; m < a.rows; m++) {
    const ai = a.offset + m * a.columns;
    for (let n = 0; n < a.columns; n++) out[n] += a.data[ai + n];
  }
}
