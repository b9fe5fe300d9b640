import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { programOf } from './shader.js';

const LANES = 64;

/** `FUSED_ADAGRAD` in two dispatches, because a program of TensorFlow.js has one output. */
export const fusedAdagrad: KernelFunc = ({ inputs, backend }) => {
  const { parameter, memory, gradient, learningRate } = inputs as Record<
    'parameter' | 'memory' | 'gradient' | 'learningRate',
    TensorInfo
  >;
  const webgpu = backend as WebGPUBackend;
  const memoryAfter = webgpu.runWebGPUProgram(
    elementwise('adagrad memory', memory.shape, ['before', 'd'], 'before[index] + d[index] * d[index]'),
    [memory, gradient],
    'float32',
  );
  const parameterAfter = webgpu.runWebGPUProgram(
    elementwise(
      'adagrad parameter',
      parameter.shape,
      ['before', 'd', 'rate', 'squares'],
      'before[index] - rate[0] * d[index] * inverseSqrt(squares[index] + 1e-8)',
    ),
    [parameter, gradient, learningRate, memoryAfter],
    'float32',
  );
  return [parameterAfter, memoryAfter];
};

/** A program that gives each element of the output the value of an expression of its `index`. */
function elementwise(key: string, shape: number[], inputs: string[], value: string): WebGPUProgram {
  const size = util.sizeFromShape(shape);
  const workgroups = Math.ceil(size / LANES);
  const code = `
    fn main(index : i32) {
      if (index < uniforms.size) {
        result[index] = ${value};
      }
    }`;
  return { ...programOf({ key, outputShape: shape, inputs, workgroup: LANES, workgroups, code }), size: true };
}
