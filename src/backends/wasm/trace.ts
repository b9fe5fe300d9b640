import * as tf from '@tensorflow/tfjs-core';
import type { Compile, Compiled, TensorFunction } from '../../model/tensor/compile.js';
import { part, type RepeatedFunction } from '../../model/tensor/repeated.js';
import { refuseNesting, tracedFunction } from '../traced-function.js';
import { isListening } from './kernels/kernel.js';
import { registerKernels } from './kernels/register.js';
import { Program } from './module.js';
import { simdFunctions } from './simd/functions.js';
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
 * The first `replaced` outputs are written over the inputs whose place they take, so that a state stays where it is. Of
 * a repeated function over such a state one turn is recorded: ten of them would not stay in the processor's caches.
 *
 * @param examples tensors of the shapes and dtypes that the callable will be given
 * @throws Error saying what to do when the function cannot be traced
 */
export const traceWasm: Compile = Object.assign(traceOnWasm, { inTurns: true });

function traceOnWasm(fn: TensorFunction | RepeatedFunction, examples: tf.Tensor[], replaced = 0): Compiled {
  registerKernels();
  const backend = wasmBackend();
  refuseWhenFull(backend.wasm);
  const { turn, times } = turnsOf(fn, replaced);
  const ofOneTurn = examples.map((example, i) => (i < replaced ? example : part(example, 0, times)));
  const recording = record(backend, turn, ofOneTurn, replaced);
  tf.dispose(ofOneTurn.filter((tensor) => !examples.includes(tensor)));
  const program = new Program(backend.wasm, recording, times);
  const offsetOf = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const others = recording.outputs.slice(replaced).map(({ shape, dtype }) => {
    return { shape: times === 1 ? shape : [times * shape[0]], dtype };
  });
  return tracedFunction(
    examples,
    (inputs) => {
      if (isListening()) refuseNesting();
      const state = inputs.slice(0, replaced).map((input) => takenOver(backend, input, inputs));
      const outputs = [...state, ...others.map(({ shape, dtype }) => backend.makeOutput(shape, dtype))];
      program.run([...state, ...inputs.slice(replaced)].map(offsetOf), outputs.map(offsetOf));
      return outputs.map((output) => tf.engine().makeTensorFromTensorInfo(output));
    },
    () => program.dispose(),
  );
}

/** What is recorded of a function, and how often it is run: of one made of turns that go over the whole state in place, one turn. */
function turnsOf(fn: TensorFunction | RepeatedFunction, replaced: number): Pick<RepeatedFunction, 'turn' | 'times'> {
  return 'turn' in fn && fn.carried === replaced ? fn : { turn: fn, times: 1 };
}

/** An input's memory to write over, or a copy where another tensor has the same. */
function takenOver(backend: WasmBackend, input: tf.Tensor, inputs: readonly tf.Tensor[]): tf.TensorInfo {
  const { dataId, shape, dtype } = input;
  if (backend.refCount(dataId) === 1 && inputs.filter((other) => other.dataId === dataId).length === 1) {
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  }
  const copy = backend.makeOutput(shape, dtype);
  const [from, to] = [dataId, copy.dataId].map((id) => backend.dataIdMap.get(id).memoryOffset);
  simdFunctions(backend.wasm).copy(from, to, input.size * tf.util.bytesPerElement(dtype));
  return copy;
}
