import { backend_util, util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmModule } from '../wasm-backend.js';
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
  const { copy, pickRows } = simdFunctions(backend.wasm);
  const isOne = batchSize * outerSize === 1 && valueBytes(x) === 4;
  perform(backend, [x, indices, out], (wasm, from, indicesAt, to) => {
    checkRange(wasm, indicesAt, count, dimSize);
    if (isOne) return pickRows(from, indicesAt, to, count, info.sliceSize);
    let at = to;
    for (let outer = 0; outer < batchSize * outerSize; outer++) {
      const first = Math.floor(outer / outerSize) * perBatch;
      for (let i = first; i < first + perBatch; i++) {
        copy(from + (outer * dimSize + wasm.HEAP32[(indicesAt >>> 2) + i]) * bytes, at, bytes);
        at += bytes;
      }
    }
  });
  return out;
};

/** Checks int32 indices where they lie: to wrap them in an array takes longer. @throws Error for one that is not below `size`. */
export function checkRange({ HEAP32 }: WasmModule, at: number, count: number, size: number): void {
  const first = at >>> 2;
  for (let i = first; i < first + count; i++) {
    if (HEAP32[i] < 0 || HEAP32[i] >= size) {
      throw new Error(`the index value ${HEAP32[i]} is not in [0, ${size - 1}]`);
    }
  }
}
