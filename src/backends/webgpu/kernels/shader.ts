import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/** What differs between programs; TensorFlow.js writes the rest of the shader around `code`. */
export interface ProgramSpec {
  /** Part of the key under which the compiled shader is kept: everything that `code` depends on. */
  key: string;
  outputShape: number[];
  /** Names of the inputs in WGSL, in order; the output's is `result`. */
  inputs: string[];
  /** Invocations a workgroup, and how many workgroups. */
  workgroup: number;
  workgroups: number;
  /** Names of whole numbers that come with each call, fields of `uniforms`. */
  numbers?: string[];
  /** WGSL with `fn main(index : i32)`, which is called with the invocation's number. */
  code: string;
}

/** A program for `runWebGPUProgram`. */
export function programOf({ key, outputShape, inputs, workgroup, workgroups, numbers = [], code }: ProgramSpec) {
  return {
    shaderKey: key,
    outputShape,
    variableNames: inputs,
    uniforms: numbers.map((name) => `${name} : i32,`).join(' '),
    workgroupSize: [workgroup, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [workgroups, 1, 1],
    getUserCode: () => code,
  } satisfies WebGPUProgram;
}

/** The values of a program's `numbers`, as `runWebGPUProgram` takes them. */
export function numberUniforms(...values: number[]): Parameters<WebGPUBackend['runWebGPUProgram']>[3] {
  return values.map((value) => ({ type: 'int32', data: [value] }));
}
