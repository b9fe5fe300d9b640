import { describe, expect, it } from 'vitest';
import type { Binding, OpAttribute, TensorMetadata } from '../../../src/backends/tensorflow/native-backend.js';
import { inPlace } from '../../../src/model/tensor/places.js';
import { FUNCTION_PREFIX, type Outside, Recorder } from '../../../src/backends/tensorflow/recorder.js';

const FLOAT = 1;
const STRING = 7;
const KINDS = { STRING: 0, INT: 1, FLOAT: 2, BOOL: 3, TYPE: 4, SHAPE: 5, TENSOR: 6 };

/** A binding that computes nothing: it gives out ids and notes what it was called with. */
function fakeBinding() {
  let lastId = 100;
  const calls: unknown[][] = [];
  const outputs = (count: number): TensorMetadata[] =>
    Array.from({ length: count }, () => ({ id: ++lastId, shape: [2], dtype: FLOAT }));
  const binding = {
    ...Object.fromEntries(Object.entries(KINDS).map(([kind, number]) => [`TF_ATTR_${kind}`, number])),
    TF_Version: 'none',
    createTensor: () => ++lastId,
    tensorDataSync: (id: number) => Float32Array.of(id, 0.5),
    deleteTensor: (id: number) => calls.push(['deleteTensor', id]),
    executeOp: (op: string, attributes: OpAttribute[], inputs: number[], count: number) => {
      calls.push([op, attributes, inputs, count]);
      return outputs(count);
    },
    addFunction: () => undefined,
    removeFunction: () => undefined,
    deviceNames: () => [],
  } satisfies Binding & Record<string, unknown>;
  return { binding, calls };
}

function recording(outside: Outside = () => undefined, devices?: string[]) {
  const { binding, calls } = fakeBinding();
  const recorder = new Recorder(binding, outside, devices);
  return { recorder, calls, stand: recorder.bindingStandIn() };
}

const attribute = (name: string, kind: keyof typeof KINDS, value: unknown) => ({ name, type: KINDS[kind], value });

describe('a recorder', () => {
  it('puts the ops of each shard on a device by turns, and no others', () => {
    const add = (stand: Binding) => stand.executeOp('Add', [], [7, 7], 1);
    const devicesOf = (devices?: string[]) => {
      const { recorder, stand } = recording(undefined, devices);
      recorder.placeholder(7, FLOAT, [2]);
      for (const shard of [0, 1, 2]) inPlace(shard, () => add(stand));
      add(stand);
      return recorder.nodes.map(({ device }) => device);
    };
    expect(devicesOf(['GPU:0', 'GPU:1'])).toEqual([undefined, 'GPU:0', 'GPU:1', 'GPU:0', undefined]);
    expect(devicesOf()).toEqual(Array(5).fill(undefined));
  });

  it('forwards every call and writes ops down as nodes that read one another', () => {
    const { recorder, calls, stand } = recording();
    expect(recorder.placeholder(7, FLOAT, [2])).toBe('input0');
    const split = stand.executeOp('Split', [attribute('num_split', 'INT', 2)], [7], 2);
    const [sum] = stand.executeOp('Add', [], [split[0].id, split[1].id], 1);
    Reflect.apply(Reflect.get(stand, 'deleteTensor') as (id: number) => void, stand, [7]);
    expect(calls.map(([name]) => name)).toEqual(['Split', 'Add', 'deleteTensor']);
    expect(recorder.nodes.map(({ op, inputs }) => [op, inputs])).toEqual([
      ['Placeholder', []],
      ['Split', ['input0']],
      ['Add', [recorder.outputOf(split[0].id), recorder.outputOf(split[1].id)]],
    ]);
    expect(recorder.nodes[1].attributes.get('num_split')).toEqual({ kind: 'int', value: 2 });
    expect(recorder.outputOf(split[1].id)).toBe(`${recorder.nodes[1].name}:1`);
    expect(recorder.outputOf(sum.id)).toBe(recorder.nodes[2].name);
  });

  it('gives every node a name of its own', () => {
    const { recorder, stand } = recording();
    for (let i = 0; i < 20; i++) stand.executeOp('Noise', [], [stand.createTensor([1], FLOAT, Float32Array.of(i))], 1);
    expect(new Set(recorder.nodes.map(({ name }) => name)).size).toBe(recorder.nodes.length);
  });

  it('writes uploaded values down once, as the constant that they were then', () => {
    const { recorder, stand } = recording();
    const values = Float32Array.of(0, 1.5, -2, 0).subarray(1, 3);
    const id = stand.createTensor([2], FLOAT, values);
    values.fill(9);
    stand.executeOp('Mul', [], [id, id], 1);
    stand.executeOp('Neg', [], [id], 1);
    const [constant, mul, neg] = recorder.nodes;
    const bytes = new Uint8Array(Float32Array.of(1.5, -2).buffer);
    expect(recorder.nodes.map(({ op }) => op)).toEqual(['Const', 'Mul', 'Neg']);
    expect(constant.attributes.get('dtype')).toEqual({ kind: 'type', value: FLOAT });
    expect(constant.attributes.get('value')).toEqual({ kind: 'tensor', value: { dtype: FLOAT, shape: [2], bytes } });
    expect([mul.inputs, neg.inputs]).toEqual([[constant.name, constant.name], [constant.name]]); // prettier-ignore
  });

  it('writes a tensor from outside down as a constant', () => {
    const outside = { tensor: { dataId: {}, shape: [2], dtype: 'float32' as const }, dtype: FLOAT };
    const { recorder, stand } = recording((id) => (id === 55 ? outside : undefined));
    stand.executeOp('Neg', [], [55], 1);
    const bytes = new Uint8Array(Float32Array.of(55, 0.5).buffer);
    expect(recorder.nodes[0].attributes.get('value')).toMatchObject({ value: { shape: [2], bytes } });
  });

  it('takes neither inputs nor constants nor unknown tensors for outputs of ops', () => {
    const { recorder, stand } = recording();
    recorder.placeholder(7, FLOAT, []);
    const constant = stand.createTensor([1], FLOAT, Float32Array.of(1));
    stand.executeOp('Neg', [], [constant], 1);
    expect([7, constant, 999].map((id) => recorder.outputOf(id))).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['text', STRING],
    ['a dtype of unknown width', 21],
  ])('refuses %s as a constant, naming the op', (_, dtype) => {
    const { stand } = recording();
    const id = stand.createTensor([1], dtype, dtype === STRING ? ['text'] : Uint8Array.of(1));
    expect(() => stand.executeOp('StringLower', [], [id], 1)).toThrow(/constants must be float32.*StringLower/);
  });

  it('refuses to read values and to run another traced function', () => {
    const { stand } = recording();
    expect(() => stand.tensorDataSync(1)).toThrow(/must not read the values/);
    expect(() => stand.executeOp(`${FUNCTION_PREFIX}0`, [], [], 1)).toThrow(/must not run another traced function/);
  });
});

describe('an attribute', () => {
  it.each([
    ['string', 'STRING', 'SAME'],
    ['int', 'INT', -3],
    ['float', 'FLOAT', 0.5],
    ['bool', 'BOOL', false],
    ['type', 'TYPE', 9],
    ['shape', 'SHAPE', [2, 3]],
    ['ints', 'INT', [1, 2]],
    ['floats', 'FLOAT', [0.5]],
    ['bools', 'BOOL', [true]],
  ] as const)('of kind %s is recorded as such', (kind, given, value) => {
    const { recorder, stand } = recording();
    stand.executeOp('Op', [attribute('a', given, value)], [], 1);
    expect(recorder.nodes[0].attributes.get('a')).toEqual({ kind, value });
  });

  it.each([
    ['of a kind that no kernel uses', attribute('proto', 'TENSOR', 1), /Op\.proto is of kind 6/],
    ['of a number unknown to the binding', { name: 'new', type: 77, value: 1 }, /Op\.new is of kind 77/],
    ['whose value is not of its kind', attribute('size', 'INT', 'five'), /Op\.size is int with a value of type string/],
    ['that is a mixed list', attribute('sizes', 'INT', [1, 'two']), /Op\.sizes is int/],
    ['without a value', attribute('text', 'STRING', null), /Op\.text is string/],
  ])('%s is refused by its name', (_, given, message) => {
    const { stand } = recording();
    expect(() => stand.executeOp('Op', [given], [], 1)).toThrow(message);
    expect(() => stand.executeOp('Op', [given], [], 1)).toThrow('run the function op by op');
  });
});
