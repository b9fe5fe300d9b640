import type { TensorInfo } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmBackend } from '../wasm-backend.js';
import { type Kernel, perform } from './kernel.js';
import { transposed } from './transpose.js';

/** Rows of a from which it pays to lay b out strip by strip. */
const PANEL_ROWS = 32;
/** Rows up to which an a that is to be transposed is read as it lies: its columns then stay in the processor's cache. */
const IN_PLACE_ROWS = 128;
/** Rows of a that are multiplied at a time, so that they stay in the processor's cache. */
const BLOCK_ROWS = 128;

/**
 * The product of two matrices. tfjs's own kernel copies b into another order whenever it is a new tensor, which for a
 * vector times a matrix takes 20 times as long as the product, and is slow for operands that are to be transposed.
 */
export const batchMatMul: Kernel = ({ backend, inputs: { a, b }, attrs, stock }) => {
  if (!isMatrix(a) || !isMatrix(b)) return stock();
  const inPlace = attrs.transposeA === true && a.shape[a.shape.length - 2] <= IN_PLACE_ROWS;
  const left = attrs.transposeA && !inPlace ? transposeOf(backend, a) : a;
  const right = attrs.transposeB ? transposeOf(backend, b) : b;
  const out = product(backend, left, right, inPlace);
  if (left !== a) backend.disposeData(left.dataId);
  if (right !== b) backend.disposeData(right.dataId);
  const batch = a.shape.length > b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  return { ...out, shape: [...batch, ...out.shape] };
};

/** One float32 matrix, and not a batch of several. */
function isMatrix({ dtype, shape }: TensorInfo): boolean {
  return dtype === 'float32' && shape.slice(0, -2).every((side) => side === 1);
}

function transposeOf(backend: WasmBackend, x: TensorInfo): TensorInfo {
  const [rows, columns] = x.shape.slice(-2);
  return transposed(backend, x, rows, columns);
}

/** a (M, K) · b (K, N); a is given as it is, or transposed as (K, M). */
function product(backend: WasmBackend, a: TensorInfo, b: TensorInfo, transposeA: boolean): TensorInfo {
  const [M, K] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const [row, step] = transposeA ? [4, 4 * M] : [4 * K, 4];
  const [N] = b.shape.slice(-1);
  const out = backend.makeOutput([M, N], 'float32');
  const panel = panelFor(backend, M, K);
  const { matmul } = simdFunctions(backend.wasm);
  perform(backend, [a, b, out, ...panel], (_, aAt, bAt, outAt, panelAt) => {
    for (let m = 0; m < M; m += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, M - m);
      matmul(aAt + m * row, row, step, bAt, outAt + 4 * m * N, rows, N, K, panelAt);
    }
  });
  panel.forEach(({ dataId }) => backend.disposeData(dataId));
  return out;
}

/** Memory for a product of M rows with a matrix of K rows, where it takes some besides. */
export function panelFor(backend: WasmBackend, M: number, K: number): TensorInfo[] {
  return M >= PANEL_ROWS ? [backend.makeOutput([8 * K], 'float32')] : [];
}
