import * as tf from '@tensorflow/tfjs-core';
import type { Compile } from '../../model/tensor/compile.js';
import { refuseNesting, tracedFunction } from '../traced-function.js';
import { isListening } from './kernels/kernel.js';
import { registerKernels } from './kernels/register.js';
import { Program } from './module.js';
import { record } from './recorder.js';
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
 * The first `replaced` outputs are written over the inputs whose place they take, so that a state stays where it is.
 *
 * @param examples tensors of the shapes and dtypes that the callable will be given
 * @throws Error saying what to do when the function cannot be traced
 */
export const traceWasm: Compile = (fn, examples, replaced = 0) => {
  registerKernels();
  const backend = wasmBackend();
  refuseWhenFull(backend.wasm);
  const recording = record(backend, fn, examples, replaced);
  const program = new Program(backend.wasm, recording);
  const offsetOf = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  return tracedFunction(
    examples,
    (inputs) => {
      if (isListening()) refuseNesting();
      const state = inputs.slice(0, replaced).map((input) => takenOver(backend, input, inputs));
      const others = recording.outputs.slice(replaced).map(({ shape, dtype }) => backend.makeOutput(shape, dtype));
      const outputs = [...state, ...others];
      program.run([...state, ...inputs.slice(replaced)].map(offsetOf), outputs.map(offsetOf));
      return outputs.map((output) => tf.engine().makeTensorFromTensorInfo(output));
    },
    () => program.dispose(),
  );
};

/** An input's memory to write over, or a copy where another tensor has the same. */
function takenOver(backend: WasmBackend, input: tf.Tensor, inputs: readonly tf.Tensor[]): tf.TensorInfo {
  const { dataId, shape, dtype } = input;
  if (backend.refCount(dataId) === 1 && inputs.filter((other) => other.dataId === dataId).length === 1) {
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  }
  const copy = backend.makeOutput(shape, dtype);
  const [from, to] = [dataId, copy.dataId].map((id) => backend.dataIdMap.get(id).memoryOffset);
  backend.wasm.HEAPU8.copyWithin(to, from, from + input.size * tf.util.bytesPerElement(dtype));
  return copy;
}
