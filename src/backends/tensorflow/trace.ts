import * as tf from '@tensorflow/tfjs-core';
import type { TensorFunction } from '../../model/tensor/compile.js';
import type { Compiled } from '../../model/tensor/compile.js';
import { refuseOutput, tracedFunction } from '../traced-function.js';
import { encodeGraph, type GraphNode } from './graph.js';
import { type NativeBackend, nativeBackend, shardDevices } from './native-backend.js';
import { FUNCTION_PREFIX, Recorder } from './recorder.js';
import { simplify } from './simplify.js';

/**
 * Traces a function of tensors: runs it once on the tensorflow backend, records every op that TensorFlow executes and
 * returns a callable that runs the recording as one function of TensorFlow's: its inputs and outputs stay where they are
 * computed. Each op run on its own costs 15 to 60 µs, in a function about one.
 *
 * The function may be any composition of tensor ops. Tensors that it uses without getting them as arguments are
 * captured as constants with the value that they have now, and so are values that TensorFlow.js makes outside
 * TensorFlow: the random numbers of tf.randomNormal, tf.randomUniform and tf.dropout. It must not read values (the
 * recording would keep the branch that was taken), keep tensors or assign to variables, and each of its outputs must
 * come from an op.
 *
 * @param examples tensors of the shapes and dtypes that the callable will be given
 * @throws Error saying what to do when the function cannot be traced
 */
export function trace(fn: TensorFunction, examples: tf.Tensor[]): Compiled {
  if (tf.getBackend() !== 'tensorflow') {
    throw new Error(
      `a function can be traced on the tensorflow backend, but ${tf.getBackend()} is active; choose that runtime first`,
    );
  }
  if (examples.some(({ isDisposed }) => isDisposed)) {
    throw new Error("a trace's examples must be there, but one was disposed of; pass tensors that are in use");
  }
  const backend = nativeBackend();
  const recording = record(backend, fn, examples);
  const name = `${FUNCTION_PREFIX}${traced++}`;
  backend.binding.addFunction(name, encodeGraph(recording.nodes), recording.inputNames, recording.outputNames);
  const outputs = recording.outputNames.split(',').length;
  return tracedFunction(
    examples,
    (inputs) => {
      const results = backend.binding.executeOp(name, [], backend.getInputTensorIds(inputs), outputs);
      return results.map((result) => backend.createOutputTensor(result));
    },
    () => backend.binding.removeFunction(name),
  );
}

/** Functions traced so far by this process: each has a name of its own. */
let traced = 0;

interface Recording {
  nodes: readonly GraphNode[];
  /** Comma-separated "name:index" lists, as the binding wants them. */
  inputNames: string;
  outputNames: string;
}

/** Runs `fn` once on copies of the examples with a recorder in the binding's place. */
function record(backend: NativeBackend, fn: TensorFunction, examples: tf.Tensor[]): Recording {
  const { binding } = backend;
  const getInputTensorIds = backend.getInputTensorIds.bind(backend);
  const seen = new Map<number, tf.TensorInfo>();
  const outside = (id: number) => {
    const tensor = seen.get(id);
    return tensor && { tensor, dtype: backend.getDTypeInteger(tensor.dtype) };
  };
  const devices = shardDevices(backend);
  const recorder = new Recorder(binding, outside, devices.length > 1 ? devices : []);
  // Copies, so that a tensor which is both an argument and captured keeps the two roles apart.
  const inputs = examples.map((example) => tf.tensor(example.dataSync().slice(), example.shape, example.dtype));
  const inputNames = inputs.map((input) => {
    const [id] = getInputTensorIds([input]);
    return `${recorder.placeholder(id, backend.getDTypeInteger(input.dtype), input.shape)}:0`;
  });
  const outputNames: string[] = [];
  const lasting = lastingTensors();
  backend.binding = recorder.bindingStandIn();
  backend.getInputTensorIds = (tensors) => {
    const ids = getInputTensorIds(tensors);
    ids.forEach((id, i) => seen.set(id, tensors[i]));
    return ids;
  };
  try {
    tf.tidy(() => {
      listOf(fn(...inputs)).forEach((output, i) => {
        outputNames.push(outputName(recorder, getInputTensorIds([output])[0], i));
      });
    });
    lasting.requireSame();
  } finally {
    backend.binding = binding;
    Reflect.deleteProperty(backend, 'getInputTensorIds');
    tf.dispose(inputs);
  }
  return {
    nodes: simplify(recorder.nodes, outputNames, backend.isUsingGpuDevice),
    inputNames: inputNames.join(','),
    outputNames: outputNames.join(','),
  };
}

/** JavaScript may return anything. */
function listOf(outputs: unknown): tf.Tensor[] {
  const isTensor = (output: unknown): output is tf.Tensor => output instanceof tf.Tensor;
  if (Array.isArray(outputs) && outputs.every(isTensor)) return outputs;
  throw new Error('a traced function must return an array of tensors; put its result into [ ]');
}

/** What a function must leave as it is, because only its recording would do it, once: tensors kept and variables. */
function lastingTensors(): { requireSame: () => void } {
  const look = () => [
    tf.memory().numTensors,
    ...Object.values(tf.engine().registeredVariables).flatMap(({ id, dataId }) => [id, dataId]),
  ];
  const before = look();
  return {
    requireSame() {
      const after = look();
      if (after.length === before.length && after.every((thing, i) => thing === before[i])) return;
      throw new Error(
        'a traced function must not keep tensors or assign to variables (tf.keep, tf.variable, assign), because the ' +
          'graph would not do it again; return them as outputs or run the function op by op',
      );
    },
  };
}

function outputName(recorder: Recorder, id: number, index: number): string {
  const name = recorder.outputOf(id) ?? refuseOutput(index);
  return name.includes(':') ? name : `${name}:0`;
}
