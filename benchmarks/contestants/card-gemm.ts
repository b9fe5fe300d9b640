// Prints the best GFLOP/s of the matrix product on the card that our own CUDA runtime finds, as {"gflops": {"4096": ...}}.
import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { isUnavailable } from '../../src/backends/runtime.js';
import { bestGflops } from '../peers/best-gflops.js';
import { tellAbsent } from '../protocol.js';

const SIZES = [4096, 8192];

const runtime = await loadTensorflow({ compile: true, device: 'gpu' });
if (isUnavailable(runtime)) {
  tellAbsent(runtime.reason);
} else {
  const tf = await import('@tensorflow/tfjs-core');
  console.log(JSON.stringify({ gflops: Object.fromEntries(SIZES.map((size) => [size, bestGflops(tf, size)])) }));
}
