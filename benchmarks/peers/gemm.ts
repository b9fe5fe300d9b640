// Prints the best GFLOP/s that tfjs-node's matrix product reaches here, as {"gflops": {"512": ..., "1024": ...}}.
import { bestGflops } from './best-gflops.js';
import { loadTensorflow } from './tensorflow.js';

const SIZES = [512, 1024];

const tf = await loadTensorflow();
if (tf) {
  await tf.ready();
  const gflops = Object.fromEntries(SIZES.map((size) => [size, bestGflops(tf, size)]));
  console.log(JSON.stringify({ gflops }));
}
