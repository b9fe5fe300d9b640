import * as tf from '@tensorflow/tfjs-core';
import type { TensorFunction } from '../../model/train-step.js';
import { type BackendEvents, hookBackend } from './hooks.js';
import type { Work } from './kernels/kernel.js';
import type { Lifetime } from './memory-plan.js';
import type { WasmBackend } from './wasm-backend.js';

/** A tensor of a recording. */
export interface RecordedTensor extends Lifetime {
  /** By which compiled functions find it. */
  readonly id: number;
  readonly size: number;
  readonly source: 'input' | 'constant' | 'computed';
  /** A constant's bytes. */
  readonly values?: Uint8Array;
}

/** A compiled function called with numbers and lists of numbers (as bytes), or work done in TypeScript. */
export type RecordedStep =
  | { readonly compiled: string; readonly parameters: readonly (number | Uint8Array)[] }
  | { readonly work: Work; readonly ids: readonly number[] };

/** An output of a traced function. */
export interface RecordedOutput {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: tf.DataType;
}

/** What a function did on wasm memory. */
export interface Recording {
  readonly steps: readonly RecordedStep[];
  readonly tensors: readonly RecordedTensor[];
  /** Ids of the inputs, in order. */
  readonly inputs: readonly number[];
  readonly outputs: readonly RecordedOutput[];
}

/** Runs a function once and writes down all that it does. @throws Error saying what to do when that cannot be done. */
export function record(backend: WasmBackend, fn: TensorFunction, examples: readonly tf.Tensor[]): Recording {
  const recorder = new Recorder(backend);
  // Copies, so that a tensor which is both an argument and captured keeps the two roles apart.
  const values = examples.map((example) => example.dataSync().slice());
  let inputs: number[] = [];
  let outputs: RecordedOutput[] = [];
  const unhook = hookBackend(backend, recorder);
  try {
    tf.tidy(() => {
      const copies = examples.map(({ shape, dtype }, i) => tf.tensor(values[i], shape, dtype));
      inputs = copies.map((copy) => recorder.declareInput(copy));
      outputs = fn(...copies).map((output, i) => recorder.declareOutput(output, i));
    });
  } finally {
    unhook();
    recorder.releaseCaptured();
  }
  return { steps: recorder.steps, tensors: recorder.finished(), inputs, outputs };
}

/** Compiled functions that keep a packed copy of weights under their tensor's id: a replay would use a stale one. */
const PACKING = ['_FusedMatMul', 'Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D', 'Prelu'];

type Tracked = { -readonly [Key in keyof RecordedTensor]: RecordedTensor[Key] } & { dataId: object };

class Recorder implements BackendEvents {
  readonly steps: RecordedStep[] = [];
  readonly #tensors = new Map<number, Tracked>();
  /** Copies of tensors from outside, by the original's data. */
  readonly #captured = new Map<object, tf.TensorInfo>();
  /** The kernel that is running, and the tensors that it has made. */
  #kernel = '';
  #made: Tracked[] = [];

  constructor(private readonly backend: WasmBackend) {}

  kernel: BackendEvents['kernel'] = (name, inputs, run) => {
    this.#kernel = name;
    this.#made = [];
    const known = Object.entries(inputs).map(([key, tensor]) => [key, tensor && this.#known(tensor)] as const);
    const tensors: unknown = Array.isArray(inputs) ? known.map(([, tensor]) => tensor) : Object.fromEntries(known);
    const result = run(tensors as tf.NamedTensorInfoMap);
    for (const [, tensor] of known) if (tensor) this.#made.push(this.#tracked(tensor));
    for (const tensor of this.#made) tensor.last = Math.max(tensor.last, this.steps.length - 1);
    this.#kernel = '';
    return result;
  };

  made: BackendEvents['made'] = (dataId, { shape, dtype, hasValues }) => {
    if (dtype === 'string')
      throw new Error(`a traced function's tensors must be float32, int32 or bool, but one is text; keep text outside`);
    const { id } = this.backend.dataIdMap.get(dataId);
    const size = tf.util.sizeFromShape(shape);
    const bytes = size * tf.util.bytesPerElement(dtype);
    const now = this.steps.length;
    const tracked: Tracked = { id, dataId, size, bytes, source: 'computed', first: now, last: now };
    this.#tensors.set(id, tracked);
    this.#made.push(tracked);
    if (hasValues) this.#keepValues(tracked);
  };

  called: BackendEvents['called'] = (name, returnType, parameters) => {
    if (returnType !== null || PACKING.includes(name)) this.#refuseKernel();
    const plain = parameters.map((each) => (each instanceof Uint8Array ? each.slice() : Number(each ?? 0)));
    this.steps.push({ compiled: name, parameters: plain });
  };

  worked: BackendEvents['worked'] = (ids, work) => {
    this.steps.push({ work, ids });
  };

  reading: BackendEvents['reading'] = () => {
    if (this.#kernel) this.#refuseKernel();
    throw new Error(
      'a traced function must not read the values of its tensors (dataSync, arraySync, print ...), because it is ' +
        'recorded once and its branches with it; compute with tensor ops alone or run the function op by op',
    );
  };

  declareInput({ dataId }: tf.Tensor): number {
    const tracked = this.#tracked({ dataId });
    Object.assign(tracked, { source: 'input', first: -1, last: -1 });
    delete tracked.values;
    return tracked.id;
  }

  declareOutput({ dataId, shape, dtype }: tf.Tensor, index: number): RecordedOutput {
    const tracked = this.#tensors.get(this.backend.dataIdMap.get(dataId).id);
    if (tracked?.source !== 'computed') {
      throw new Error(
        `every output of a traced function must be computed by it, but output ${index} is an input or a constant; ` +
          'return it from the caller instead, or pass it through an op such as tf.add(x, 0)',
      );
    }
    tracked.last = Infinity;
    return { id: tracked.id, shape, dtype };
  }

  releaseCaptured(): void {
    this.#captured.forEach(({ dataId }) => this.backend.disposeData(dataId));
  }

  /** All tensors, which must have been disposed of, because a recording takes over their ids. */
  finished(): RecordedTensor[] {
    const tensors = [...this.#tensors.values()];
    if (tensors.some(({ dataId }) => this.backend.dataIdMap.has(dataId))) {
      throw new Error(
        'a traced function must not keep tensors (tf.keep, tf.variable), because they would belong to the recording; ' +
          'return them as outputs or run the function op by op',
      );
    }
    return tensors;
  }

  #tracked({ dataId }: Pick<tf.TensorInfo, 'dataId'>): Tracked {
    const tracked = this.#tensors.get(this.backend.dataIdMap.get(dataId).id);
    if (!tracked) throw new Error('a tensor came into being in a way that a recording does not know of; run op by op');
    return tracked;
  }

  /** A kernel's input, or for one from outside the function a constant with the value that it has now. */
  #known(tensor: tf.TensorInfo): tf.TensorInfo {
    const { dataIdMap, wasm } = this.backend;
    const { id, memoryOffset } = dataIdMap.get(tensor.dataId);
    const known = this.#tensors.has(id) ? tensor : this.#captured.get(tensor.dataId);
    if (known) return { ...known, shape: tensor.shape };
    const copy = this.backend.makeOutput(tensor.shape, tensor.dtype);
    const tracked = this.#tracked(copy);
    wasm.HEAPU8.copyWithin(dataIdMap.get(copy.dataId).memoryOffset, memoryOffset, memoryOffset + tracked.bytes);
    this.#keepValues(tracked);
    this.#captured.set(tensor.dataId, copy);
    return copy;
  }

  /** Makes a tensor a constant. */
  #keepValues(tensor: Tracked): void {
    const { memoryOffset } = this.backend.dataIdMap.get(tensor.dataId);
    const values = this.backend.wasm.HEAPU8.slice(memoryOffset, memoryOffset + tensor.bytes);
    Object.assign(tensor, { source: 'constant', values, first: -1, last: Infinity });
  }

  #refuseKernel(): never {
    throw new Error(`the kernel ${this.#kernel} cannot be recorded on the wasm backend; run the function op by op`);
  }
}
