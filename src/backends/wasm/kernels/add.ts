import { simdFunctions } from '../simd/functions.js';
import { type Kernel, perform } from './kernel.js';
import { sizeOf } from './memory.js';

/** Sums, where b is added to each row of a: tfjs's own kernel finds the place of every single value by its coordinates. */
export const add: Kernel = ({ backend, inputs: { a, b }, stock }) => {
  const [N] = b.shape;
  const isVector = b.shape.length === 1 && a.shape.length > 1 && a.shape.at(-1) === N;
  if (!isVector || a.dtype !== 'float32' || b.dtype !== 'float32') return stock();
  const out = backend.makeOutput(a.shape, 'float32');
  const M = sizeOf(a) / N;
  const { addToRows } = simdFunctions(backend.wasm);
  perform(backend, [a, b, out], (_, aAt, bAt, outAt) => addToRows(aAt, bAt, outAt, M, N));
  return out;
};
