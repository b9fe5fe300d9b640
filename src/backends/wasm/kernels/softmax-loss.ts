import { simdFunctions } from '../simd/functions.js';
import { type Kernel, perform } from './kernel.js';
import { checkRange } from './gather.js';

/** `FUSED_SOFTMAX` in one call. */
export const fusedSoftmax: Kernel = ({ backend, inputs: { logits, targets } }) => {
  const [N, V] = logits.shape;
  const picked = backend.makeOutput([N], 'float32');
  const out = backend.makeOutput([N, V], 'float32');
  const { softmax } = simdFunctions(backend.wasm);
  perform(backend, [logits, targets, picked, out], (wasm, from, targetsAt, pickedAt, to) => {
    checkRange(wasm, targetsAt, N, V);
    softmax(from, targetsAt, pickedAt, to, N, V);
  });
  return [picked, out];
};
