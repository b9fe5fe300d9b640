// Prints the best GFLOP/s that tfjs-node's matrix product reaches here, as {"gflops": {"512": ..., "1024": ...}}.
import { gflopsBySize } from './best-gflops.js';
import { loadTensorflow } from './tensorflow.js';

const SIZES = [512, 1024];

const tf = await loadTensorflow();
if (tf) {
  await tf.ready();
  console.log(JSON.stringify(await gflopsBySize(tf, SIZES)));
}
