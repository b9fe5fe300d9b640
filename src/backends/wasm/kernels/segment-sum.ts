import { util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmModule } from '../wasm-backend.js';
import { type Kernel, perform, type SegmentSums, type Work } from './kernel.js';
import { sizeOf } from './memory.js';

/**
 * out[s] = the sum of the rows of x, (rows, ...) float32, whose segment is s, for s < numSegments; rows of other
 * segments are left out, as TensorFlow does on a processor.
 */
export const unsortedSegmentSum: Kernel = ({ backend, inputs: { x, segmentIds }, attrs }) => {
  if (x.dtype !== 'float32') {
    throw new Error(`unsortedSegmentSum on the wasm backend sums float32, but got ${x.dtype}; cast it first`);
  }
  const numSegments = attrs.numSegments as number;
  const out = backend.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], 'float32');
  const rows = sizeOf(segmentIds);
  const size = util.sizeFromShape(x.shape.slice(segmentIds.shape.length));
  const sums = { rows, size, segments: numSegments };
  const work: Work = (wasm, from, segmentsAt, to) => {
    simdFunctions(wasm).clear(to, 4 * numSegments * size);
    addRows(wasm, sums, from, segmentsAt, to);
  };
  perform(backend, [x, segmentIds, out], work, { sums });
  return out;
};

/** Adds each row to its segment's sum, all at byte offsets. */
function addRows(wasm: WasmModule, { rows, size, segments }: SegmentSums, from: number, ids: number, to: number): void {
  simdFunctions(wasm).sumRows(from, ids, to, rows, size, segments);
}

/** Sums rows by segment, all at byte offsets, and calls `visit` for each segment that has rows when all sums are there. */
export type NamedSums = (from: number, ids: number, to: number, visit: (segment: number) => void) => void;

/** The same sums into those segments alone that have rows; what it needs to find them is made once. */
export function namedSums(wasm: WasmModule, sums: SegmentSums): NamedSums {
  const { rows, size, segments } = sums;
  const named = new Int32Array(segments);
  /** By segment, the last call in which it had a row. */
  const calls = new Float64Array(segments);
  let call = 0;
  const { clear } = simdFunctions(wasm);
  return (from, ids, to, visit) => {
    let count = 0;
    call++;
    for (let row = 0; row < rows; row++) {
      const segment = wasm.HEAP32[(ids >>> 2) + row];
      if (segment < 0 || segment >= segments || calls[segment] === call) continue;
      calls[segment] = call;
      named[count++] = segment;
      clear(to + 4 * segment * size, 4 * size);
    }
    addRows(wasm, sums, from, ids, to);
    for (let i = 0; i < count; i++) visit(named[i]);
  };
}
