import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmBackend } from '../wasm-backend.js';
import { type Kernel, perform } from './kernel.js';

/** Sums over leading axes, where tfjs's own kernel makes a transposed copy first. */
export const sum: Kernel = ({ backend, inputs: { x }, attrs, stock }) => {
  const axes = util.parseAxisParam(attrs.axis as number[], x.shape);
  const isLeading = axes.length < x.shape.length && axes.every((axis, i) => axis === i);
  if (x.dtype !== 'float32' || !isLeading) return stock();
  const [columns, rows] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const out = columnSums(backend, x, util.sizeFromShape(rows), columns);
  return { ...out, shape: attrs.keepDims ? backend_util.expandShapeToKeepDim(columns, axes) : columns };
};

/** Column sums as a product: a row of ones, all of them the same value in memory, times x. */
function columnSums(backend: WasmBackend, x: TensorInfo, rows: number, shape: number[]): TensorInfo {
  const out = backend.makeOutput(shape, 'float32');
  const one = backend.makeOutput([1], 'float32');
  const { matmul } = simdFunctions(backend.wasm);
  const size = util.sizeFromShape(shape);
  perform(backend, [one, x, out], (wasm, oneAt, from, to) => {
    wasm.HEAPF32[oneAt >>> 2] = 1;
    matmul(oneAt, 0, 0, from, to, 1, size, rows, 0);
  });
  backend.disposeData(one.dataId);
  return out;
}
