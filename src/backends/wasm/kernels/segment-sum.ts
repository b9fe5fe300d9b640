import { util } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import { type Kernel, perform } from './kernel.js';
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
  perform(backend, [x, segmentIds, out], (wasm, from, segmentsAt, to) => {
    const { add } = simdFunctions(wasm);
    const segments = new Int32Array(wasm.HEAPU8.buffer, segmentsAt, rows);
    wasm.HEAPU8.fill(0, to, to + 4 * numSegments * size);
    segments.forEach((segment, row) => {
      if (segment < 0 || segment >= numSegments) return;
      const sum = to + 4 * segment * size;
      add(sum, from + 4 * row * size, sum, size);
    });
  });
  return out;
};
