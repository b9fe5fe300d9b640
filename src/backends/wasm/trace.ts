import * as tf from '@tensorflow/tfjs-core';
import type { Compile } from '../../model/tensor/compile.js';
import { refuseNesting, tracedFunction } from '../traced-function.js';
import { isListening } from './kernels/kernel.js';
import { registerKernels } from './kernels/register.js';
import { Program } from './module.js';
import { record } from './recorder.js';
import type { RecordedOutput } from './recording.js';
import { refuseWhenFull, type WasmBackend, wasmBackend } from './wasm-backend.js';

/**
 * Traces a function of tensors on the wasm backend: runs it once, records the calls of compiled functions that its ops
 * come down to, and returns a callable that repeats just these calls in memory laid out once. An op costs 3 to 6 µs of
 * JavaScript, a recorded call a tenth of one.
 *
 * The function may be any composition of tensor ops whose kernels can be recorded. Tensors that it uses without getting
 * them as arguments are captured as constants with the value that they have now. It must not read values (the recording
 * would keep the branch that was taken), and it must compute each of its outputs.
 *
 * @param examples tensors of the shapes and dtypes that the callable will be given
 * @throws Error saying what to do when the function cannot be traced
 */
export const traceWasm: Compile = (fn, examples) => {
  registerKernels();
  const backend = wasmBackend();
  refuseWhenFull(backend.wasm);
  const recording = record(backend, fn, examples);
  const program = new Program(backend.wasm, recording);
  return tracedFunction(
    examples,
    (inputs) => {
      if (isListening()) refuseNesting();
      inputs.forEach((input, i) => copyIn(backend, input, program.offsetOf(recording.inputs[i])));
      program.run();
      return recording.outputs.map((output) => copyOut(backend, output, program.offsetOf(output.id)));
    },
    () => program.dispose(),
  );
};

function copyIn({ dataIdMap, wasm }: WasmBackend, input: tf.Tensor, to: number): void {
  const { memoryOffset: from } = dataIdMap.get(input.dataId);
  wasm.HEAPU8.copyWithin(to, from, from + bytesOf(input));
}

function copyOut(backend: WasmBackend, { shape, dtype }: RecordedOutput, from: number): tf.Tensor {
  const out = tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, dtype));
  const { memoryOffset: to } = backend.dataIdMap.get(out.dataId);
  backend.wasm.HEAPU8.copyWithin(to, from, from + bytesOf(out));
  return out;
}

const bytesOf = ({ size, dtype }: tf.Tensor): number => size * tf.util.bytesPerElement(dtype);
