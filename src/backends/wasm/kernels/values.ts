import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../wasm-backend.js';
import { type Kernel, perform } from './kernel.js';
import { sizeOf, view } from './memory.js';

/** The values as another dtype, converted as JavaScript's typed arrays do. */
export const cast: Kernel = ({ backend, inputs: { x }, attrs }) => {
  const out = backend.makeOutput(x.shape, attrs.dtype as DataType);
  const size = sizeOf(x);
  perform(backend, [x, out], (wasm, from, to) => {
    view(wasm, out.dtype, to, size).set(view(wasm, x.dtype, from, size));
  });
  return out;
};

/** A tensor of one value. */
export const fill: Kernel = ({ backend, attrs, stock }) => {
  const { shape, value, dtype } = attrs as { shape: number[]; value: number | string; dtype?: DataType };
  return typeof value === 'string' ? stock() : filled(backend, shape, dtype ?? util.inferDtype(value), value);
};

export const zerosLike: Kernel = ({ backend, inputs: { x } }) => filled(backend, x.shape, x.dtype, 0);

export const onesLike: Kernel = ({ backend, inputs: { x } }) => filled(backend, x.shape, x.dtype, 1);

function filled(backend: WasmBackend, shape: number[], dtype: DataType, value: number): TensorInfo {
  const out = backend.makeOutput(shape, dtype);
  const size = sizeOf(out);
  perform(backend, [out], (wasm, to) => {
    view(wasm, dtype, to, size).fill(value);
  });
  return out;
}

/** Rows that are `onValue` at their index, `offValue` elsewhere. tfjs's own kernel writes integers for every dtype. */
export const oneHot: Kernel = ({ backend, inputs: { indices }, attrs }) => {
  const { depth, onValue, offValue, dtype } = attrs as Record<'depth' | 'onValue' | 'offValue', number> & {
    dtype: DataType;
  };
  const out = backend.makeOutput([...indices.shape, depth], dtype);
  const rows = sizeOf(indices);
  perform(backend, [indices, out], (wasm, from, to) => {
    const hot = view(wasm, 'int32', from, rows);
    const values = view(wasm, dtype, to, rows * depth);
    values.fill(offValue);
    for (let row = 0; row < rows; row++) {
      const index = hot[row];
      if (index >= 0 && index < depth) values[row * depth + index] = onValue;
    }
  });
  return out;
};
