import { backend_util, util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import { type Kernel, perform } from './kernel.js';
import { sizeOf, valueBytes } from './memory.js';

/** Picks slices of x along an axis, copied whole: tfjs's own kernel takes every single value apart into coordinates. */
export const gather: Kernel = ({ backend, inputs: { x, indices }, attrs, stock }) => {
  if (x.dtype === 'string') return stock();
  const axis = util.parseAxisParam(attrs.axis as number, x.shape)[0];
  const info = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, attrs.batchDims as number);
  const { batchSize, outerSize, dimSize } = info;
  const out = backend.makeOutput(info.outputShape, x.dtype);
  const bytes = info.sliceSize * valueBytes(x);
  const count = sizeOf(indices);
  const perBatch = count / batchSize;
  const { pickRows } = simdFunctions(backend.wasm);
  const isOne = batchSize * outerSize === 1 && valueBytes(x) === 4;
  perform(backend, [x, indices, out], (wasm, from, indicesAt, to) => {
    const picked = new Int32Array(wasm.HEAPU8.buffer, indicesAt, count);
    checkRange(picked, dimSize);
    if (isOne) return pickRows(from, indicesAt, to, count, info.sliceSize);
    let at = to;
    for (let outer = 0; outer < batchSize * outerSize; outer++) {
      const first = Math.floor(outer / outerSize) * perBatch;
      for (let i = first; i < first + perBatch; i++) {
        const start = from + (outer * dimSize + picked[i]) * bytes;
        wasm.HEAPU8.copyWithin(at, start, start + bytes);
        at += bytes;
      }
    }
  });
  return out;
};

/** @throws Error for a place that is not among `size`. */
export function checkRange(indices: Int32Array, size: number): void {
  // In a third of the time of for ... of.
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] < 0 || indices[i] >= size) {
      throw new Error(`the index value ${indices[i]} is not in [0, ${size - 1}]`);
    }
  }
}
