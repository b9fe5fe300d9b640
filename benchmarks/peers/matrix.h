// Matrix products of the C peer, in loops that a compiler turns into vector instructions by itself.
#ifndef MATRIX_H
#define MATRIX_H

enum { DEPTH_BLOCK = 128, TRANSPOSE_BLOCK = 16 };

// c (n) += sum over l < k of f[l * step] * (row l of b (k,n)), eight rows at a time.
static void add_rows(int n, int k, const float *f, long step, const float *restrict b, float *restrict c) {
  int l = 0;
  for (; l + 8 <= k; l += 8, f += 8 * step, b += 8L * n) {
    const float f0 = f[0], f1 = f[step], f2 = f[2 * step], f3 = f[3 * step];
    const float f4 = f[4 * step], f5 = f[5 * step], f6 = f[6 * step], f7 = f[7 * step];
    for (int j = 0; j < n; j++)
      c[j] += f0 * b[j] + f1 * b[j + n] + f2 * b[j + 2 * n] + f3 * b[j + 3 * n] + f4 * b[j + 4 * n] +
              f5 * b[j + 5 * n] + f6 * b[j + 6 * n] + f7 * b[j + 7 * n];
  }
  for (; l < k; l++, f += step, b += n)
    for (int j = 0; j < n; j++) c[j] += f[0] * b[j];
}

// The same for four rows of C at once, so that each value of b is loaded once for four products.
static void add_rows_to_four(int n, int k, const float *f, long row, long step, const float *restrict b,
                             float *restrict c) {
  float *restrict c0 = c, *restrict c1 = c + n, *restrict c2 = c + 2L * n, *restrict c3 = c + 3L * n;
  int l = 0;
  for (; l + 4 <= k; l += 4, b += 4L * n) {
    const float *p = f + l * step, *q = p + row, *r = q + row, *s = r + row;
    const float p0 = p[0], p1 = p[step], p2 = p[2 * step], p3 = p[3 * step];
    const float q0 = q[0], q1 = q[step], q2 = q[2 * step], q3 = q[3 * step];
    const float r0 = r[0], r1 = r[step], r2 = r[2 * step], r3 = r[3 * step];
    const float s0 = s[0], s1 = s[step], s2 = s[2 * step], s3 = s[3 * step];
    for (int j = 0; j < n; j++) {
      const float b0 = b[j], b1 = b[j + n], b2 = b[j + 2 * n], b3 = b[j + 3 * n];
      c0[j] += p0 * b0 + p1 * b1 + p2 * b2 + p3 * b3;
      c1[j] += q0 * b0 + q1 * b1 + q2 * b2 + q3 * b3;
      c2[j] += r0 * b0 + r1 * b1 + r2 * b2 + r3 * b3;
      c3[j] += s0 * b0 + s1 * b1 + s2 * b2 + s3 * b3;
    }
  }
  for (int i = 0; i < 4; i++) add_rows(n, k - l, f + i * row + l * step, step, b, c + (long)i * n);
}

// C (m,n) += A (m,k) B (k,n), where A(i,l) lies at a[i * row + l * step], in slices of the depth that stay in cache.
static void multiply_add(int m, int n, int depth, const float *restrict a, long row, long step, const float *restrict b,
                         float *restrict c) {
  for (int l = 0; l < depth; l += DEPTH_BLOCK, a += DEPTH_BLOCK * step, b += (long)DEPTH_BLOCK * n) {
    const int k = depth - l < DEPTH_BLOCK ? depth - l : DEPTH_BLOCK;
    int i = 0;
    for (; i + 4 <= m; i += 4) add_rows_to_four(n, k, a + i * row, row, step, b, c + (long)i * n);
    for (; i < m; i++) add_rows(n, k, a + i * row, step, b, c + (long)i * n);
  }
}

// to (columns of from, to_stride) = the transpose of from (rows, from_stride)
static void transpose(int rows, int columns, const float *from, int from_stride, float *to, int to_stride) {
  for (int i0 = 0; i0 < rows; i0 += TRANSPOSE_BLOCK)
    for (int j = 0; j < columns; j++)
      for (int i = i0; i < i0 + TRANSPOSE_BLOCK && i < rows; i++)
        to[(long)j * to_stride + i] = from[(long)i * from_stride + j];
}

#endif
