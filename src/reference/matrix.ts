/** Float32 for use, float64 for checking. */
export type FloatArray = Float32Array | Float64Array;

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

/**
 * out (M, N) += a (M, K) · bᵀ, with b (N, K). Four rows of b at a time share each load of a, and four sums in flight
 * keep the adder busy.
 */
export function addMultiplyTransposed(out: Matrix, a: Matrix, b: Matrix): void {
  const K = a.columns;
  const N = b.rows;
  const A = a.data;
  const Bd = b.data;
  for (let m = 0; m < a.rows; m++) {
    const ai = a.offset + m * K;
    const oi = out.offset + m * N;
    let n = 0;
    for (; n + 4 <= N; n += 4) {
      const b0 = b.offset + n * K;
      const b1 = b0 + K;
      const b2 = b1 + K;
      const b3 = b2 + K;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < K; k++) {
        const x = A[ai + k];
        s0 += x * Bd[b0 + k];
        s1 += x * Bd[b1 + k];
        s2 += x * Bd[b2 + k];
        s3 += x * Bd[b3 + k];
      }
      out.data[oi + n] += s0;
      out.data[oi + n + 1] += s1;
      out.data[oi + n + 2] += s2;
      out.data[oi + n + 3] += s3;
    }
    for (; n < N; n++) out.data[oi + n] += dot(A, ai, Bd, b.offset + n * K, K);
  }
}

function dot(a: FloatArray, ai: number, b: FloatArray, bi: number, K: number): number {
  let sum = 0;
  for (let k = 0; k < K; k++) sum += a[ai + k] * b[bi + k];
  return sum;
}

/** out (M, N) += a (M, K) · b (K, N). */
export function addMultiply(out: Matrix, a: Matrix, b: Matrix): void {
  for (let m = 0; m < a.rows; m++) addCombination(out, m, a.data, a.offset + m * a.columns, 1, b);
}

/** out (M, N) += aᵀ · b, with a (K, M) and b (K, N): the sum of K outer products. */
export function addTransposedMultiply(out: Matrix, a: Matrix, b: Matrix): void {
  for (let m = 0; m < a.columns; m++) addCombination(out, m, a.data, a.offset + m, a.columns, b);
}

/**
 * Row m of out += Σ_k w[start + k · stride] · row k of b. Four rows of b at a time, so that a value of out is loaded
 * and stored once for four products.
 */
function addCombination(out: Matrix, m: number, w: FloatArray, start: number, stride: number, b: Matrix): void {
  const N = b.columns;
  const O = out.data;
  const Bd = b.data;
  const oi = out.offset + m * N;
  let k = 0;
  for (; k + 4 <= b.rows; k += 4) {
    const wi = start + k * stride;
    const w0 = w[wi];
    const w1 = w[wi + stride];
    const w2 = w[wi + 2 * stride];
    const w3 = w[wi + 3 * stride];
    const b0 = b.offset + k * N;
    const b1 = b0 + N;
    const b2 = b1 + N;
    const b3 = b2 + N;
    for (let n = 0; n < N; n++) {
      O[oi + n] += w0 * Bd[b0 + n] + w1 * Bd[b1 + n] + w2 * Bd[b2 + n] + w3 * Bd[b3 + n];
    }
  }
  for (; k < b.rows; k++) {
    const wk = w[start + k * stride];
    const bk = b.offset + k * N;
    for (let n = 0; n < N; n++) O[oi + n] += wk * Bd[bk + n];
  }
}

/** out (N) += the sum of the rows of a (M, N). */
export function addColumnSums(out: FloatArray, a: Matrix): void {
  for (let m = 0; m < a.rows; m++) {
    const ai = a.offset + m * a.columns;
    for (let n = 0; n < a.columns; n++) out[n] += a.data[ai + n];
  }
}
