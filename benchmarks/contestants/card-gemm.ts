// Prints the best GFLOP/s of the matrix product on the card that our own runtime finds, as {"gflops": {"4096": ...}}:
// with CUDA, or with `--backend webgpu` through WebGPU. `--sizes 64,128` names other sizes.
import { parseArgs } from 'node:util';
import { gflopsBySize } from '../peers/best-gflops.js';
import { loadOurRuntime } from './our-runtime.js';

const DEFAULT_SIZES = '4096,8192';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { backend: text, device: text, sizes: text } });
const { backend = 'tensorflow', device = 'gpu', sizes = DEFAULT_SIZES } = values;
const runtime = await loadOurRuntime({ batchSize: 1, hiddenSize: 4096 }, { backend, device });
if (runtime) {
  const tf = await import('@tensorflow/tfjs-core');
  const found = await gflopsBySize(tf, sizes.split(',').map(Number));
  console.log(JSON.stringify({ description: runtime.description, ...found }));
}
