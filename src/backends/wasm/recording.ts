import type * as tf from '@tensorflow/tfjs-core';
import type { ElementwiseOp, Loop } from './simd/loop.js';
import type { SegmentSums, Work } from './kernels/kernel.js';
import type { Block } from './kernels/memory.js';

/** A tensor of a recording. */
export interface RecordedTensor {
  /** By which compiled functions find it. */
  readonly id: number;
  readonly size: number;
  readonly bytes: number;
  readonly source: 'input' | 'constant' | 'computed';
  /** A constant's bytes. */
  readonly values?: Uint8Array;
}

/** A compiled function called with numbers and lists of numbers, as bytes. */
export interface CompiledCall {
  readonly compiled: string;
  readonly parameters: readonly (number | Uint8Array)[];
}

/** Work done in TypeScript. */
export interface OwnWork {
  readonly work: Work;
  readonly ids: readonly number[];
  /** Where the work is to sum rows by segment: `ids` are the rows, their segments and the sums. */
  readonly sums?: SegmentSums;
}

/** Blocks of one tensor copied into another. */
export interface Copy {
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly Block[];
}

/** An operation value by value: each operand has `size` float32 values, or one that stands for all. */
export interface Elementwise {
  readonly op: ElementwiseOp;
  readonly operands: readonly { readonly id: number; readonly isScalar: boolean }[];
  readonly out: number;
  readonly size: number;
}

/** Elementwise operations in one loop over the values, see `fuse`. @param ids of its vectors, scalars and results. */
export interface FusedLoop {
  readonly loop: Loop;
  readonly ids: readonly number[];
  readonly size: number;
}

/** A fused loop over sums of rows by segment, done for those segments alone that have rows, see `sparse`. */
export interface SparseLoop {
  readonly loop: Loop;
  readonly ids: readonly number[];
  readonly sums: SegmentSums;
  /** Ids of the rows, their segments and the sums. */
  readonly summed: readonly number[];
}

/** With the ids of all tensors that a step reads or writes. */
export type Using<Step> = Step & { readonly uses: readonly number[] };

/** What a kernel came down to. */
export type RecordedStep = Using<CompiledCall> | Using<OwnWork> | Using<Copy> | Using<Elementwise>;

/** What a program does. */
export type ProgramStep = Using<CompiledCall> | Using<OwnWork> | Using<Copy> | Using<FusedLoop> | Using<SparseLoop>;

/** An output of a traced function. */
export interface RecordedOutput {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: tf.DataType;
}

/** What a function did on wasm memory. */
export interface Recording<Step = RecordedStep> {
  readonly steps: readonly Step[];
  readonly tensors: readonly RecordedTensor[];
  /** Ids of the inputs, in order. */
  readonly inputs: readonly number[];
  readonly outputs: readonly RecordedOutput[];
  /** How many of the first outputs take the place of the first inputs. */
  readonly replaced: number;
}
