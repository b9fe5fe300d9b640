// Prints the best GFLOP/s that tfjs-node's matrix product reaches here, as {"gflops": {"512": ..., "1024": ...}}.
import { loadTensorflow, type Tensorflow } from './tensorflow.js';

const SIZES = [512, 1024];
const TRIES = 8;
const PRODUCTS_PER_TRY = 4;

/** GFLOP/s of the best of several tries at a product of two (size, size) matrices, read back at the end. */
function bestGflops(tf: Tensorflow, size: number): number {
  const a = tf.randomUniform([size, size]);
  const b = tf.randomUniform([size, size]);
  let best = 0;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    tf.tidy(() => {
      let product = tf.matMul(a, b);
      for (let j = 1; j < PRODUCTS_PER_TRY; j++) product = tf.matMul(a, b);
      return product.slice([0, 0], [1, 1]).dataSync();
    });
    const seconds = (performance.now() - start) / 1000;
    best = Math.max(best, (PRODUCTS_PER_TRY * 2 * size ** 3) / seconds / 1e9);
  }
  return best;
}

const tf = await loadTensorflow();
if (tf) {
  await tf.ready();
  const gflops = Object.fromEntries(SIZES.map((size) => [size, bestGflops(tf, size)]));
  console.log(JSON.stringify({ gflops }));
}
