import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { numberUniforms, programOf } from './shader.js';

const LANES = 64;

/**
 * UnsortedSegmentSum of float32: each invocation sums one column of one segment, row after row. TensorFlow.js's own
 * kernel adds rows in whatever order the device runs them, so that two runs would round differently.
 */
export const unsortedSegmentSum: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', TensorInfo>;
  const outputShape = [Number(attrs?.numSegments), ...x.shape.slice(segmentIds.shape.length)];
  const rows = util.sizeFromShape(segmentIds.shape);
  const program = programOf({
    key: 'segment sum',
    outputShape,
    inputs: ['x', 'segments'],
    workgroup: LANES,
    workgroups: Math.ceil(util.sizeFromShape(outputShape) / LANES),
    numbers: ['rows', 'columns'],
    code: `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let segment = index / uniforms.columns;
          let column = index % uniforms.columns;
          var sum = 0.0;
          for (var row = 0; row < uniforms.rows; row++) {
            if (i32(segments[row]) == segment) {
              sum += x[row * uniforms.columns + column];
            }
          }
          result[index] = sum;
        }
      }`,
  });
  const columns = util.sizeFromShape(outputShape.slice(1));
  const sized = { ...program, size: true };
  return (backend as WebGPUBackend).runWebGPUProgram(sized, [x, segmentIds], 'float32', numberUniforms(rows, columns));
};
