import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../../errors.js';
import { inGiB } from '../../system/memory.js';
import { WASM_BYTES } from '../memory.js';

/** A function that emscripten has wrapped: arrays among the arguments are copied into wasm memory for the call. */
export type Wrapped = (...args: unknown[]) => unknown;

/**
 * The part of tfjs's compiled module that recordings and kernels stand on. Its views are renewed whenever the memory
 * grows, so they are read afresh each time and never kept.
 */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  readonly HEAPF32: Float32Array;
  /** The raw exports: compiled functions by name, and `memory`. */
  readonly asm: Readonly<Record<string, unknown>>;
  cwrap: (name: string, returnType: string | null, argumentTypes: string[]) => Wrapped;
  /** 0 where memory is full. */
  _malloc: (bytes: number) => number;
  _free(offset: number): void;
  readonly tfjs: {
    registerTensor(id: number, size: number, offset: number): void;
    disposeData(id: number): void;
  };
}

/** What the backend knows of a tensor's data: compiled functions are given the id, and find the memory by it. */
export interface TensorData {
  readonly id: number;
  /** In bytes, from the start of the wasm memory. */
  readonly memoryOffset: number;
}

/** The part of tfjs's wasm backend that recordings and kernels stand on. */
export interface WasmBackend {
  readonly wasm: WasmModule;
  readonly dataIdMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  /** Allocates a tensor's memory, on every way by which a tensor comes into being. */
  move(dataId: object, values: ArrayBufferView | null, shape: number[], dtype: tf.DataType, references: number): void;
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(dataId: object): boolean;
  /** How many tensors share the data; `incRef` says that there is one more. */
  refCount(dataId: object): number;
  incRef(dataId: object): void;
  readSync(dataId: object): ArrayBufferView;
  typedArrayFromHeap(tensor: tf.TensorInfo): ArrayBufferView;
}

/** The active backend, which must be tfjs's wasm backend. */
export function wasmBackend(): WasmBackend {
  return tf.backend() as unknown as WasmBackend;
}

const METHODS = ['move', 'makeOutput', 'disposeData', 'refCount', 'incRef', 'readSync', 'typedArrayFromHeap'];

/** What recordings and our kernels need and this backend lacks, by name; nothing for the pinned version. */
export function missingInternals(backend: WasmBackend): string[] {
  const { wasm, dataIdMap } = backend;
  const hasSimd = tf.env().getBool('WASM_HAS_SIMD_SUPPORT');
  return [
    ...lacking(backend, 'backend', METHODS),
    ...lacking(dataIdMap, 'backend.dataIdMap', ['get', 'has']),
    ...lacking(wasm, 'wasm', ['cwrap', '_malloc', '_free']),
    ...lacking(wasm?.tfjs, 'wasm.tfjs', ['registerTensor', 'disposeData']),
    ...(wasm?.asm?.memory ? [] : ['wasm.asm.memory']),
    ...(hasSimd ? [] : ['SIMD instructions']),
  ];
}

function lacking(holder: object | undefined, prefix: string, names: readonly string[]): string[] {
  const missing = names.filter((name) => !holder || typeof Reflect.get(holder, name) !== 'function');
  return missing.map((name) => `${prefix}.${name}`);
}

/** The modules that say when they are full. */
const guarded = new WeakSet<WasmModule>();

/** Makes running out of memory an error: TensorFlow.js does not look, and would write on from address 0. */
export function refuseWhenFull(wasm: WasmModule): void {
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  // The first call replaces the function, as Emscripten has it.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    // A larger number would lose its upper bits on the way.
    const offset = bytes < WASM_BYTES ? allocate(bytes) : 0;
    if (offset !== 0) return offset;
    throw new UserError(
      `WebAssembly must have ${inGiB(bytes)} more memory, but its ${inGiB(WASM_BYTES)} are full; ` +
        'take a smaller batch, window or model, or another --backend',
    );
  };
}
