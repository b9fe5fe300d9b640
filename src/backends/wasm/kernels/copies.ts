import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../wasm-backend.js';
import { copy, type Kernel } from './kernel.js';
import { type Block, sizeOf, valueBytes } from './memory.js';

/** The same values in new memory. */
export const identity: Kernel = ({ backend, inputs: { x }, stock }) =>
  x.dtype === 'string' ? stock() : copyAs(backend, x, x.shape);

/** A copy with another shape of the same size. */
export function copyAs(backend: WasmBackend, x: TensorInfo, shape: number[]): TensorInfo {
  const out = backend.makeOutput(shape, x.dtype);
  copy(backend, x, out, [{ from: 0, to: 0, bytes: sizeOf(x) * valueBytes(x) }]);
  return out;
}

export const slice: Kernel = ({ backend, inputs: { x }, attrs, stock }) => {
  if (x.dtype === 'string') return stock();
  const [begin, size] = slice_util.parseSliceParams(x, attrs.begin as number[], attrs.size as number[]);
  return part(backend, x, begin, size);
};

/** Cuts a tensor into pieces of given lengths along an axis. */
export const splitV: Kernel = ({ backend, inputs: { x }, attrs, stock }) => {
  if (x.dtype === 'string') return stock();
  const axis = util.parseAxisParam(attrs.axis as number, x.shape)[0];
  const lengths = backend_util.prepareSplitSize(x, attrs.numOrSizeSplits as number[], axis);
  let start = 0;
  return lengths.map((length) => {
    const piece = part(backend, x, unit(x, axis, start, 0), sides(x, axis, length));
    start += length;
    return piece;
  });
};

/** Cuts a tensor into pieces of length 1 along an axis, which they then lack. */
export const unpack: Kernel = ({ backend, inputs: { value }, attrs, stock }) => {
  if (value.dtype === 'string') return stock();
  const axis = util.parseAxisParam(attrs.axis as number, value.shape)[0];
  return Array.from({ length: value.shape[axis] }, (_, i) => {
    const piece = part(backend, value, unit(value, axis, i, 0), sides(value, axis, 1));
    return { ...piece, shape: value.shape.filter((_, other) => other !== axis) };
  });
};

/** Joins tensors along an axis. */
export const concat: Kernel = ({ backend, inputs, attrs, stock }) => {
  const tensors = Object.values(inputs);
  const axis = util.parseAxisParam(attrs.axis as number, tensors[0].shape)[0];
  return tensors[0].dtype === 'string' ? stock() : join(backend, tensors, axis);
};

/** Joins tensors of one shape along a new axis. */
export const pack: Kernel = ({ backend, inputs, attrs, stock }) => {
  const tensors = Object.values(inputs);
  const axis = attrs.axis as number;
  if (tensors[0].dtype === 'string') return stock();
  return join(
    backend,
    tensors.map((tensor) => ({ ...tensor, shape: tensor.shape.toSpliced(axis, 0, 1) })),
    axis,
  );
};

function part(backend: WasmBackend, x: TensorInfo, begin: number[], size: number[]): TensorInfo {
  const out = backend.makeOutput(size, x.dtype);
  copy(backend, x, out, partBlocks(x, begin, size));
  return out;
}

function join(backend: WasmBackend, tensors: readonly TensorInfo[], axis: number): TensorInfo {
  const shapes = tensors.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const out = backend.makeOutput(backend_util.computeOutShape(shapes, axis), tensors[0].dtype);
  let start = 0;
  for (const tensor of tensors) {
    const blocks = partBlocks(out, unit(out, axis, start, 0), tensor.shape);
    const reversed = blocks.map(({ from, to, bytes }) => ({ from: to, to: from, bytes }));
    copy(backend, tensor, out, reversed);
    start += tensor.shape[axis];
  }
  return out;
}

/** Where the values of a part lie in the whole (`from`) and in the part alone (`to`), in as few blocks as can be. */
function partBlocks(whole: TensorInfo, begin: readonly number[], size: readonly number[]): Block[] {
  const { shape } = whole;
  const last = shape.findLastIndex((side, axis) => size[axis] !== side);
  let starts = [0];
  for (let axis = 0; axis <= last; axis++) {
    const count = axis === last ? 1 : size[axis];
    starts = starts.flatMap((start) => Array.from({ length: count }, (_, i) => start * shape[axis] + begin[axis] + i));
  }
  const inner = util.sizeFromShape(shape.slice(last + 1)) * valueBytes(whole);
  const bytes = (last < 0 ? 1 : size[last]) * inner;
  return starts.map((start, i) => ({ from: start * inner, to: i * bytes, bytes }));
}

/** A tensor's shape with another length along one axis. */
function sides({ shape }: TensorInfo, axis: number, length: number): number[] {
  return shape.with(axis, length);
}

/** `value` at one axis, `others` at the others. */
function unit({ shape }: TensorInfo, axis: number, value: number, others: number): number[] {
  return shape.map((_, each) => (each === axis ? value : others));
}
