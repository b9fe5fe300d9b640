import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmBackend } from '../wasm-backend.js';
import { copyAs } from './copies.js';
import { type Kernel, perform } from './kernel.js';
import { valueBytes } from './memory.js';

/** Transposes that are, sides of length 1 aside, no change at all or a swap of leading axes with the others. */
export const transpose: Kernel = ({ backend, inputs: { x }, attrs, stock }) => {
  const perm = attrs.perm as number[];
  const shape = perm.map((axis) => x.shape[axis]);
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  const ordered = moved.toSorted((a, b) => a - b);
  const leading = ordered.indexOf(moved[0] ?? 0);
  const isRotation = moved.every((axis, i) => axis === ordered[(i + leading) % ordered.length]);
  if (x.dtype === 'string' || valueBytes(x) !== 4 || !isRotation) return stock();
  if (leading <= 0) return copyAs(backend, x, shape);
  const rows = util.sizeFromShape(ordered.slice(0, leading).map((axis) => x.shape[axis]));
  return { ...transposed(backend, x, rows, util.sizeFromShape(shape) / rows), shape };
};

/** The transpose of a matrix (rows, columns) of 32-bit values. */
export function transposed(backend: WasmBackend, x: TensorInfo, rows: number, columns: number): TensorInfo {
  const out = backend.makeOutput([columns, rows], x.dtype);
  const functions = simdFunctions(backend.wasm);
  perform(backend, [x, out], (_, from, to) => functions.transpose(from, to, rows, columns));
  return out;
}
