import type * as tf from '@tensorflow/tfjs-core';

const TRIES = 8;
const PRODUCTS_PER_TRY = 4;

/** GFLOP/s of the best of several tries at a product of two (size, size) matrices, read back at the end. */
export function bestGflops(
  { randomUniform, tidy, matMul }: Pick<typeof tf, 'randomUniform' | 'tidy' | 'matMul'>,
  size: number,
): number {
  const a = randomUniform([size, size]);
  const b = randomUniform([size, size]);
  let best = 0;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    tidy(() => {
      let product = matMul(a, b);
      for (let j = 1; j < PRODUCTS_PER_TRY; j++) product = matMul(a, b);
      return product.slice([0, 0], [1, 1]).dataSync();
    });
    const seconds = (performance.now() - start) / 1000;
    best = Math.max(best, (PRODUCTS_PER_TRY * 2 * size ** 3) / seconds / 1e9);
  }
  return best;
}
