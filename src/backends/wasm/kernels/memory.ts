import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmModule } from '../wasm-backend.js';

/** The number of values of a tensor. */
export const sizeOf = (tensor: TensorInfo): number => util.sizeFromShape(tensor.shape);

/** Bytes of one value of a tensor. */
export const valueBytes = (tensor: TensorInfo): number => util.bytesPerElement(tensor.dtype);

/** Wasm memory seen as values of a dtype. */
export function view(
  { HEAPU8: { buffer } }: WasmModule,
  dtype: DataType,
  offset: number,
  size: number,
): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, offset, size);
    case 'int32':
      return new Int32Array(buffer, offset, size);
    case 'bool':
      return new Uint8Array(buffer, offset, size);
    case 'complex64':
    case 'string':
      throw new Error(`tensors on the wasm backend must be float32, int32 or bool here, but one is ${dtype}`);
  }
}

/** Bytes to copy, from a place in one tensor to a place in another. */
export interface Block {
  from: number;
  to: number;
  bytes: number;
}

/** Copies blocks between two places in wasm memory. */
export function copyBlocks(wasm: WasmModule, from: number, to: number, blocks: readonly Block[]): void {
  const { copy } = simdFunctions(wasm);
  for (const block of blocks) copy(from + block.from, to + block.to, block.bytes);
}
