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
 * Work on wasm memory, given the byte offsets of up to four tensors. A recording does it again and again with other
 * offsets, so it must find everything that changes in that memory.
 */
export type Work = (wasm: WasmModule, a: number, b: number, c: number, d: number) => void;

/**
 * Called for each piece of work that a kernel does in TypeScript. @param ids the tensors that it works on.
 * @param blocks where all of the work is to copy these from the first tensor to the second.
 */
export type WorkListener = (ids: readonly number[], work: Work, blocks?: readonly Block[]) => void;

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
  perform(backend, [from, to], (wasm, a, b) => copyBlocks(wasm, a, b, blocks), blocks);
}

/** Does work on the memory of tensors, in view of a recording. @param blocks as a `WorkListener` is given them. */
export function perform(
  backend: WasmBackend,
  tensors: readonly TensorInfo[],
  work: Work,
  blocks?: readonly Block[],
): void {
  const data = tensors.map(({ dataId }) => backend.dataIdMap.get(dataId));
  const [a, b = 0, c = 0, d = 0] = data.map(({ memoryOffset }) => memoryOffset);
  work(backend.wasm, a, b, c, d);
  const ids = data.map(({ id }) => id);
  listener?.(ids, work, blocks);
}
