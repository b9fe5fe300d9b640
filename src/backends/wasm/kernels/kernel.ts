import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend, WasmModule } from '../wasm-backend.js';
import { type Block, copyBlocks } from './memory.js';

/** One call of a kernel. */
export interface Call {
  readonly backend: WasmBackend;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  /** Has tfjs's own kernel do it. */
  readonly stock: () => TensorInfo | TensorInfo[];
}

/** A kernel of ours, in the place of tfjs's own. */
export type Kernel = (call: Call) => TensorInfo | TensorInfo[];

/**
 * Work on wasm memory, given the byte offsets of up to eight tensors. A recording does it again and again with other
 * offsets, so it must find everything that changes in that memory.
 */
export type Work = (wasm: WasmModule, ...offsets: EightOffsets) => void;

type EightOffsets = [a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number];

/** Rows of `size` float32 values, each of one of `segments` segments. */
export interface SegmentSums {
  readonly rows: number;
  readonly size: number;
  readonly segments: number;
}

/** What is known of a piece of work. */
export interface Known {
  /** It copies these blocks from the first tensor to the second, and does no more. */
  readonly blocks?: readonly Block[];
  /** It sums rows, the first tensor, by segments, the second, into the third. */
  readonly sums?: SegmentSums;
}

/** Called for each piece of work that a kernel does in TypeScript. @param ids the tensors that it works on. */
export type WorkListener = (ids: readonly number[], work: Work, known: Known) => void;

let listener: WorkListener | undefined;

/** Sets the one listener; undefined removes it. */
export function listenToWork(next: WorkListener | undefined): void {
  listener = next;
}

/** Whether there is a listener now. */
export function isListening(): boolean {
  return listener !== undefined;
}

/** Copies blocks from one tensor to another, in view of a recording. */
export function copy(backend: WasmBackend, from: TensorInfo, to: TensorInfo, blocks: readonly Block[]): void {
  perform(backend, [from, to], (wasm, a, b) => copyBlocks(wasm, a, b, blocks), { blocks });
}

/** Does work on the memory of tensors, in view of a recording. */
export function perform(backend: WasmBackend, tensors: readonly TensorInfo[], work: Work, known: Known = {}): void {
  const data = tensors.map(({ dataId }) => backend.dataIdMap.get(dataId));
  const [a, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = data.map(({ memoryOffset }) => memoryOffset);
  work(backend.wasm, a, b, c, d, e, f, g, h);
  const ids = data.map(({ id }) => id);
  listener?.(ids, work, known);
}
