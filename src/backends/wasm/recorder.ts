import * as tf from '@tensorflow/tfjs-core';
import type { TensorFunction } from '../../model/tensor/compile.js';
import { refuseOutput, refuseReading } from '../traced-function.js';
import { type BackendEvents, hookBackend, type KernelResult } from './hooks.js';
import type {
  CompiledCall,
  Copy,
  Elementwise,
  OwnWork,
  RecordedOutput,
  RecordedStep,
  RecordedTensor,
  Recording,
} from './recording.js';
import type { ElementwiseOp } from './simd/loop.js';
import type { WasmBackend } from './wasm-backend.js';

/**
 * Runs a function once and writes down all that it does. @param replaced see `Recording`.
 * @throws Error saying what to do when that cannot be done.
 */
export function record(
  backend: WasmBackend,
  fn: TensorFunction,
  examples: readonly tf.Tensor[],
  replaced = 0,
): Recording {
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
  return { steps: recorder.steps, tensors: recorder.finished(), inputs, outputs, replaced };
}

/** Compiled functions that keep a packed copy of weights under their tensor's id: a replay would use a stale one. */
const PACKING = ['_FusedMatMul', 'Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D', 'Prelu'];

type Tracked = { -readonly [Key in keyof RecordedTensor]: RecordedTensor[Key] } & { dataId: object };

/** Kernels that do the same with each value. */
const ELEMENTWISE = ['Add', 'Sub', 'Multiply', 'Maximum', 'Square', 'Rsqrt', 'Tanh', 'ClipByValue'];

class Recorder implements BackendEvents {
  readonly steps: RecordedStep[] = [];
  readonly #tensors = new Map<number, Tracked>();
  /** Copies of tensors from outside, by the original's data. */
  readonly #captured = new Map<object, tf.TensorInfo>();
  /** The kernel that is running, the tensors that it has made, and what it has done. */
  #kernel = '';
  #made: Tracked[] = [];
  #done: (CompiledCall | OwnWork | Copy | Elementwise)[] = [];

  constructor(private readonly backend: WasmBackend) {}

  kernel: BackendEvents['kernel'] = (name, { inputs, attrs }, run) => {
    this.#kernel = name;
    this.#made = [];
    this.#done = [];
    const known = Object.entries(inputs).map(([key, tensor]) => [key, tensor && this.#known(tensor)] as const);
    const tensors: unknown = Array.isArray(inputs) ? known.map(([, tensor]) => tensor) : Object.fromEntries(known);
    const result = run(tensors as tf.NamedTensorInfoMap);
    const operands = known.flatMap(([, tensor]) => (tensor ? [tensor] : []));
    const elementwise = this.#elementwise(name, attrs, operands, result);
    const uses = [...operands.map((tensor) => this.#tracked(tensor).id), ...this.#made.map(({ id }) => id)];
    this.steps.push(...(elementwise ? [elementwise] : this.#done).map((step) => ({ ...step, uses })));
    this.#kernel = '';
    return result;
  };

  made: BackendEvents['made'] = (dataId, { shape, dtype, hasValues }) => {
    if (dtype === 'string')
      throw new Error(`a traced function's tensors must be float32, int32 or bool, but one is text; keep text outside`);
    const { id } = this.backend.dataIdMap.get(dataId);
    const size = tf.util.sizeFromShape(shape);
    const bytes = size * tf.util.bytesPerElement(dtype);
    const tracked: Tracked = { id, dataId, size, bytes, source: 'computed' };
    this.#tensors.set(id, tracked);
    this.#made.push(tracked);
    if (hasValues) this.#keepValues(tracked);
  };

  called: BackendEvents['called'] = (name, returnType, parameters) => {
    if (returnType !== null || PACKING.includes(name)) this.#refuseKernel();
    const plain = parameters.map((each) => (each instanceof Uint8Array ? each.slice() : Number(each ?? 0)));
    this.#done.push({ compiled: name, parameters: plain });
  };

  worked: BackendEvents['worked'] = (ids, work, { blocks, sums }) => {
    const [from, to] = ids;
    this.#done.push(blocks ? { from, to, blocks } : { work, ids, ...(sums && { sums }) });
  };

  reading: BackendEvents['reading'] = () => {
    if (this.#kernel) this.#refuseKernel();
    refuseReading();
  };

  declareInput({ dataId }: tf.Tensor): number {
    const tracked = this.#tracked({ dataId });
    Object.assign(tracked, { source: 'input' });
    delete tracked.values;
    return tracked.id;
  }

  declareOutput({ dataId, shape, dtype }: tf.Tensor, index: number): RecordedOutput {
    const tracked = this.#tensors.get(this.backend.dataIdMap.get(dataId).id);
    return tracked?.source === 'computed' ? { id: tracked.id, shape, dtype } : refuseOutput(index);
  }

  releaseCaptured(): void {
    this.#captured.forEach(({ dataId }) => this.backend.disposeData(dataId));
  }

  /** A kernel that does the same with each value, as such; undefined where it repeats rows or has other dtypes. */
  #elementwise(
    name: string,
    attrs: tf.NamedAttrMap | undefined,
    operands: readonly tf.TensorInfo[],
    result: KernelResult,
  ): Elementwise | undefined {
    if (!ELEMENTWISE.includes(name) || Array.isArray(result)) return undefined;
    const size = tf.util.sizeFromShape(result.shape);
    const sizes = operands.map(({ shape }) => tf.util.sizeFromShape(shape));
    if ([result, ...operands].some(({ dtype }) => dtype !== 'float32')) return undefined;
    if (sizes.some((each) => each !== size && each !== 1)) return undefined;
    const op = { name, min: attrs?.clipValueMin, max: attrs?.clipValueMax } as ElementwiseOp;
    return {
      op,
      operands: operands.map((tensor, i) => ({ id: this.#tracked(tensor).id, isScalar: sizes[i] !== size })),
      out: this.#tracked(result).id,
      size,
    };
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
    Object.assign(tensor, { source: 'constant', values });
  }

  #refuseKernel(): never {
    throw new Error(`the kernel ${this.#kernel} cannot be recorded on the wasm backend; run the function op by op`);
  }
}
