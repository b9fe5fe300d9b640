import type { TensorInfo } from '@tensorflow/tfjs-core';
import { currentPlace } from '../../model/tensor/places.js';
import { refuseNesting, refuseReading } from '../traced-function.js';
import type { Attribute, ConstantValue, GraphNode } from './graph.js';
import type { Binding, OpAttribute } from './native-backend.js';

/** Dtypes whose values are bytes of a fixed width, by TensorFlow's number: the ones a constant can hold. */
const FIXED_WIDTH_DTYPES = new Map([
  [1, 'float32'],
  [3, 'int32'],
  [4, 'uint8'],
  [8, 'complex64'],
  [9, 'int64'],
  [10, 'bool'],
]);

/** How the names of traced functions begin, by which TensorFlow knows them beside its own ops. */
export const FUNCTION_PREFIX = 'traced_';

/** Describes a tensor from outside the traced function, to be captured as a constant. */
export type Outside = (id: number) => { tensor: TensorInfo; dtype: number } | undefined;

/**
 * Stands in for tfjs-node's binding while a function is traced: forwards every call and writes it down as graph nodes.
 * (A Proxy will not do: the binding's properties are read-only and not configurable.)
 */
export class Recorder {
  readonly nodes: GraphNode[] = [];
  readonly #names = new Map<number, string>();
  readonly #uploads = new Map<number, ConstantValue>();
  readonly #operations = new Set<string>();

  /**
   * @param outside looks up tensors that were neither declared, uploaded nor computed while tracing.
   * @param devices where shards are computed, by turns; where there are none, TensorFlow chooses.
   */
  constructor(
    private readonly binding: Binding,
    private readonly outside: Outside,
    private readonly devices: readonly string[] = [],
  ) {}

  /** Declares an input of the function; returns its name. */
  placeholder(id: number, dtype: number, shape: readonly number[]): string {
    const name = `input${this.#names.size}`;
    const attributes = new Map<string, Attribute>([
      ['dtype', { kind: 'type', value: dtype }],
      ['shape', { kind: 'shape', value: shape }],
    ]);
    this.nodes.push({ name, op: 'Placeholder', inputs: [], attributes, shapes: [shape] });
    this.#names.set(id, name);
    return name;
  }

  /** The output of a recorded op that a tensor id stands for, or undefined where no recorded op made it. */
  outputOf(id: number): string | undefined {
    const name = this.#names.get(id);
    return name !== undefined && this.#operations.has(name) ? name : undefined;
  }

  /** The recording stand-in, to be put in the backend's place of `binding`. */
  bindingStandIn(): Binding {
    const stand: Record<string, unknown> = {};
    for (const name of Object.getOwnPropertyNames(this.binding)) {
      const value: unknown = Reflect.get(this.binding, name);
      stand[name] = typeof value === 'function' ? (value.bind(this.binding) as unknown) : value;
    }
    stand.createTensor = this.#createTensor;
    stand.executeOp = this.#executeOp;
    stand.tensorDataSync = refuseReading;
    return stand as unknown as Binding;
  }

  readonly #createTensor: Binding['createTensor'] = (shape, dtype, values) => {
    const id = this.binding.createTensor(shape, dtype, values);
    if (ArrayBuffer.isView(values)) this.#uploads.set(id, { dtype, shape: [...shape], bytes: bytesOf(values) });
    return id;
  };

  readonly #executeOp: Binding['executeOp'] = (op, attributes, inputs, outputs) => {
    if (op.startsWith(FUNCTION_PREFIX)) refuseNesting();
    const results = this.binding.executeOp(op, attributes, inputs, outputs);
    const name = `op${this.nodes.length}_${op}`;
    const inputNames = inputs.map((id) => this.#names.get(id) ?? this.#constant(id, op));
    const encoded = new Map(attributes.map((given) => [given.name, attributeOf(op, given, this.binding)]));
    // The one kernel of tfjs-node that leaves its type to be inferred, which TensorFlow does for an op run alone only.
    if (op === 'ExpandDims') encoded.set('T', { kind: 'type', value: results[0].dtype });
    const [place, shapes] = [currentPlace(), results.map(({ shape }) => shape)];
    const device = place === undefined ? undefined : this.devices[place % this.devices.length];
    this.nodes.push({ name, op, inputs: inputNames, attributes: encoded, shapes, ...(device && { device }) });
    results.forEach(({ id }, index) => {
      const output = index === 0 ? name : `${name}:${index}`;
      this.#names.set(id, output);
      this.#operations.add(output);
    });
    return results;
  };

  #constant(id: number, op: string): string {
    const value = this.#uploads.get(id) ?? this.#captured(id);
    if (!value || !FIXED_WIDTH_DTYPES.has(value.dtype)) {
      throw new Error(
        `a traced function's constants must be ${[...FIXED_WIDTH_DTYPES.values()].join(', ')}, but ${op} reads a tensor ` +
          `of TensorFlow dtype ${value?.dtype ?? 'unknown'}; pass it as an argument or run the function op by op`,
      );
    }
    const name = `constant${this.nodes.length}`;
    const attributes = new Map<string, Attribute>([
      ['dtype', { kind: 'type', value: value.dtype }],
      ['value', { kind: 'tensor', value }],
    ]);
    this.nodes.push({ name, op: 'Const', inputs: [], attributes, shapes: [value.shape] });
    this.#names.set(id, name);
    return name;
  }

  #captured(id: number): ConstantValue | undefined {
    const known = this.outside(id);
    if (!known || known.tensor.dtype === 'string') return undefined;
    return { dtype: known.dtype, shape: known.tensor.shape, bytes: bytesOf(this.binding.tensorDataSync(id)) };
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

/** Translates an attribute as tfjs-node's kernels give it; lists are arrays of ints, floats or bools. */
export function attributeOf(op: string, { name, type, value }: OpAttribute, binding: Binding): Attribute {
  const kinds = { STRING: 'string', INT: 'int', FLOAT: 'float', BOOL: 'bool', TYPE: 'type', SHAPE: 'shape' } as const;
  const kind = Object.entries(kinds).find(([suffix]) => Reflect.get(binding, `TF_ATTR_${suffix}`) === type)?.[1];
  if (kind === 'shape' && isListOf<number>('number', value)) return { kind, value };
  if (kind === 'int' && isListOf<number>('number', value)) return { kind: 'ints', value };
  if (kind === 'float' && isListOf<number>('number', value)) return { kind: 'floats', value };
  if (kind === 'bool' && isListOf<boolean>('boolean', value)) return { kind: 'bools', value };
  if (kind === 'string' && typeof value === 'string') return { kind, value };
  if (kind === 'bool' && typeof value === 'boolean') return { kind, value };
  if ((kind === 'int' || kind === 'float' || kind === 'type') && typeof value === 'number') return { kind, value };
  throw new Error(
    `a trace knows the attribute kinds string, int, float, bool, type, shape and lists of int, float and bool, but ` +
      `${op}.${name} is ${kind ?? `of kind ${type}`} with a value of type ${typeof value}; run the function op by op`,
  );
}

function isListOf<T>(type: string, value: unknown): value is T[] {
  return Array.isArray(value) && value.every((element) => typeof element === type);
}
