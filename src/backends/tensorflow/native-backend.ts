import * as tf from '@tensorflow/tfjs-core';

/** An output of an op as tfjs-node's binding reports it. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** An attribute as tfjs-node's kernels give it; `type` is one of the binding's TF_ATTR_ numbers. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** The part of tfjs-node's native binding that a trace stands on. */
export interface Binding {
  readonly TF_Version: string;
  createTensor(shape: number[], dtype: number, values: ArrayBufferView | string[]): number;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorMetadata[];
  /**
   * Adds a graph as a function, an op for `executeOp`: one of the three that `setup` adds to the binding.
   * @param graph a GraphDef; @param inputs and @param outputs "name:index", separated by commas.
   */
  addFunction(name: string, graph: Uint8Array, inputs: string, outputs: string): void;
  removeFunction(name: string): void;
  /** TensorFlow's names of all devices, such as "/job:localhost/replica:0/task:0/device:GPU:0". */
  deviceNames(): string[];
}

/** The part of tfjs-node's backend object that a trace stands on. */
export interface NativeBackend {
  binding: Binding;
  /** Whether tensors are put on a card. */
  readonly isUsingGpuDevice: boolean;
  getDTypeInteger(dtype: string): number;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
}

/** The active backend, which must be tfjs-node's. */
export function nativeBackend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

const BINDING_PARTS = ['createTensor', 'tensorDataSync', 'executeOp', 'addFunction', 'removeFunction', 'deviceNames'];
const BACKEND_PARTS = ['getDTypeInteger', 'getInputTensorIds', 'createOutputTensor', 'executeSingleOutput'];

/** What tfjs-node's internals lack for a trace, by name; empty for the pinned version. */
export function missingInternals(backend: NativeBackend): string[] {
  const lacks = (holder: object, prefix: string) => (name: string) =>
    typeof Reflect.get(holder, name) === 'function' ? [] : [`${prefix}.${name}`];
  return [
    ...BACKEND_PARTS.flatMap(lacks(backend, 'backend')),
    ...BINDING_PARTS.flatMap(lacks(backend.binding, 'binding')),
  ];
}

/** The devices that shards may be put on: the cards, or where there is none the processors (one, but for tests). */
export function shardDevices({ binding, isUsingGpuDevice }: NativeBackend): string[] {
  const kind = isUsingGpuDevice ? '/device:GPU:' : '/device:CPU:';
  return binding.deviceNames().filter((name) => name.includes(kind));
}
