/** Float32 for use, float64 for checking. */
export type FloatArray = Float32Array | Float64Array;

// The innermost loops: sums are kept in local variables, which the processor holds in registers, and every value that
// is loaded is used for two or four products. Two rows by four columns are as many sums as fit. A dot product goes through
// k in order whatever its tile, so that all of them give the same values.

/** 2 by 4 values of out += dot products of two rows of a with four rows of b. */
export function addDots2x4(
  out: FloatArray,
  oi: number,
  N: number,
  a: FloatArray,
  a0: number,
  b: FloatArray,
  b0: number,
  K: number,
): void {
  const a1 = a0 + K;
  const b1 = b0 + K;
  const b2 = b1 + K;
  const b3 = b2 + K;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let k = 0; k < K; k++) {
    const x = a[a0 + k];
    const y = a[a1 + k];
    const p = b[b0 + k];
    const q = b[b1 + k];
    const r = b[b2 + k];
    const s = b[b3 + k];
    s0 += x * p;
    s1 += x * q;
    s2 += x * r;
    s3 += x * s;
    t0 += y * p;
    t1 += y * q;
    t2 += y * r;
    t3 += y * s;
  }
  add4(out, oi, s0, s1, s2, s3);
  add4(out, oi + N, t0, t1, t2, t3);
}

/** 1 by 4 values of out += dot products of a row of a with four rows of b. */
export function addDots1x4(
  out: FloatArray,
  oi: number,
  a: FloatArray,
  a0: number,
  b: FloatArray,
  b0: number,
  K: number,
): void {
  const b1 = b0 + K;
  const b2 = b1 + K;
  const b3 = b2 + K;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = 0; k < K; k++) {
    const x = a[a0 + k];
    s0 += x * b[b0 + k];
    s1 += x * b[b1 + k];
    s2 += x * b[b2 + k];
    s3 += x * b[b3 + k];
  }
  add4(out, oi, s0, s1, s2, s3);
}

/**
 * 1 by 8 values of out += dot products of a row of a with eight rows of b: with one row, where each value of b is used
 * once, more sums side by side than four keep the processor busy.
 */
export function addDots1x8(
  out: FloatArray,
  oi: number,
  a: FloatArray,
  a0: number,
  b: FloatArray,
  b0: number,
  K: number,
): void {
  const b1 = b0 + K;
  const b2 = b1 + K;
  const b3 = b2 + K;
  const b4 = b3 + K;
  const b5 = b4 + K;
  const b6 = b5 + K;
  const b7 = b6 + K;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let k = 0; k < K; k++) {
    const x = a[a0 + k];
    s0 += x * b[b0 + k];
    s1 += x * b[b1 + k];
    s2 += x * b[b2 + k];
    s3 += x * b[b3 + k];
    s4 += x * b[b4 + k];
    s5 += x * b[b5 + k];
    s6 += x * b[b6 + k];
    s7 += x * b[b7 + k];
  }
  add4(out, oi, s0, s1, s2, s3);
  add4(out, oi + 4, s4, s5, s6, s7);
}

/** 2 by 4 values of out += two rows of weights times four columns of b. */
export function addColumns2x4(
  out: FloatArray,
  oi: number,
  N: number,
  w: FloatArray,
  wi: number,
  vi: number,
  stride: number,
  b: FloatArray,
  bi: number,
  K: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let k = 0; k < K; k++) {
    const x = w[wi];
    const y = w[vi];
    const p = b[bi];
    const q = b[bi + 1];
    const r = b[bi + 2];
    const s = b[bi + 3];
    s0 += x * p;
    s1 += x * q;
    s2 += x * r;
    s3 += x * s;
    t0 += y * p;
    t1 += y * q;
    t2 += y * r;
    t3 += y * s;
    wi += stride;
    vi += stride;
    bi += N;
  }
  add4(out, oi, s0, s1, s2, s3);
  add4(out, oi + N, t0, t1, t2, t3);
}

/** 1 by 4 values of out += a row of weights times four columns of b. */
export function addColumns1x4(
  out: FloatArray,
  oi: number,
  N: number,
  w: FloatArray,
  wi: number,
  stride: number,
  b: FloatArray,
  bi: number,
  K: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = 0; k < K; k++) {
    const x = w[wi];
    s0 += x * b[bi];
    s1 += x * b[bi + 1];
    s2 += x * b[bi + 2];
    s3 += x * b[bi + 3];
    wi += stride;
    bi += N;
  }
  add4(out, oi, s0, s1, s2, s3);
}

function add4(out: FloatArray, oi: number, s0: number, s1: number, s2: number, s3: number): void {
  out[oi] += s0;
  out[oi + 1] += s1;
  out[oi + 2] += s2;
  out[oi + 3] += s3;
}

/** One value of out += the dot product of a and b, read in steps of `aStride` and `bStride`. */
export function addDot(
  out: FloatArray,
  oi: number,
  a: FloatArray,
  ai: number,
  aStride: number,
  b: FloatArray,
  bi: number,
  bStride: number,
  K: number,
): void {
  let sum = 0;
  for (let k = 0; k < K; k++) sum += a[ai + k * aStride] * b[bi + k * bStride];
  out[oi] += sum;
}
