import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type Attribute, encodeGraph, type GraphNode } from '../../../src/backends/tensorflow/graph.js';

/** What this test calls of the protobuf classes that tfjs-node ships; they need no native library. */
interface Message {
  deserializeBinary(bytes: Uint8Array): { toObject(): Graph };
}

interface Graph {
  nodeList: { name: string; op: string; inputList: string[]; device: string; attrMap: [string, object][] }[];
  versions: { producer: number };
}

const messages = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb.js') as {
  GraphDef: Message;
};

function decode(nodes: GraphNode[]): Graph {
  return messages.GraphDef.deserializeBinary(encodeGraph(nodes)).toObject();
}

function decodedNodes(nodes: GraphNode[]): Graph['nodeList'] {
  return decode(nodes).nodeList;
}

function node(attributes: [string, Attribute][], inputs: string[] = []): GraphNode {
  return { name: 'some', op: 'Op', inputs, attributes: new Map(attributes), shapes: [[]] };
}

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const dims = (...sizes: number[]) => ({ dimList: sizes.map((size) => ({ size, name: '' })), unknownRank: false });

const TYPE: Attribute = { kind: 'type', value: 1 };
const TWO: Attribute = { kind: 'int', value: 2 };

/** Each kind of attribute, and the fields of an AttrValue that must come back. */
const ATTRIBUTES: [string, Attribute, object][] = [
  ['string', { kind: 'string', value: 'grüße' }, { s: base64('grüße') }],
  ['empty string', { kind: 'string', value: '' }, { s: '' }],
  ['int', { kind: 'int', value: 300 }, { i: 300 }],
  ['negative int', { kind: 'int', value: -1 }, { i: -1 }],
  ['large int', { kind: 'int', value: 2 ** 40 + 1 }, { i: 2 ** 40 + 1 }],
  ['float', { kind: 'float', value: 0.25 }, { f: 0.25 }],
  ['infinite float', { kind: 'float', value: -Infinity }, { f: -Infinity }],
  ['true', { kind: 'bool', value: true }, { b: true }],
  ['false', { kind: 'bool', value: false }, { b: false }],
  ['type', { kind: 'type', value: 10 }, { type: 10 }],
  ['shape', { kind: 'shape', value: [3, 1, 0, 70000] }, { shape: dims(3, 1, 0, 70000) }],
  ['shape with an unknown side', { kind: 'shape', value: [-1, 2] }, { shape: dims(-1, 2) }],
  ['shape of a scalar', { kind: 'shape', value: [] }, { shape: dims() }],
  ['ints', { kind: 'ints', value: [1, -2, 300] }, { list: { iList: [1, -2, 300] } }],
  ['floats', { kind: 'floats', value: [1.5, -0.125] }, { list: { fList: [1.5, -0.125] } }],
  ['bools', { kind: 'bools', value: [true, false, true] }, { list: { bList: [true, false, true] } }],
  ['strings', { kind: 'strings', value: ['BiasAdd', 'é'] }, { list: { sList: ['BiasAdd', 'é'].map(base64) } }],
  ['no ints at all', { kind: 'ints', value: [] }, { list: { iList: [] } }],
  [
    'tensor',
    { kind: 'tensor', value: { dtype: 3, shape: [2, 1], bytes: Uint8Array.of(1, 0, 0, 0, 255, 255, 255, 255) } },
    {
      tensor: {
        dtype: 3,
        tensorShape: dims(2, 1),
        tensorContent: base64(Uint8Array.of(1, 0, 0, 0, 255, 255, 255, 255)),
      },
    },
  ],
];

describe('an encoded graph, decoded with the classes of tfjs-node', () => {
  it.each(ATTRIBUTES)('has an attribute of kind %s as it was', (_, attribute, expected) => {
    const [[name, decoded]] = decodedNodes([node([['given', attribute]])])[0].attrMap;
    expect(name).toBe('given');
    expect(decoded).toMatchObject(expected);
  });

  it('has each attribute in the one field of its kind', () => {
    for (const [, attribute, expected] of ATTRIBUTES) {
      const [[, decoded]] = decodedNodes([node([['given', attribute]])])[0].attrMap;
      const untouched = Object.fromEntries(Object.entries(EMPTY).filter(([field]) => !(field in expected)));
      expect(decoded).toMatchObject(untouched);
    }
  });

  it('has the device that a node must run on, or none', () => {
    const nodes = [{ ...node([]), device: '/device:GPU:1' }, node([])];
    expect(decodedNodes(nodes).map(({ device }) => device)).toEqual(['/device:GPU:1', '']);
  });

  it('has all nodes in order with names, ops, inputs and attributes', () => {
    const nodes = [
      { ...node([['dtype', TYPE]]), name: 'input0', op: 'Placeholder' },
      { ...node([], []), name: 'constant1', op: 'Const' },
      {
        ...node(
          [
            ['T', TYPE],
            ['N', TWO],
          ],
          ['input0', 'constant1:1'],
        ),
        op: 'Add',
      },
    ];
    const decoded = decodedNodes(nodes);
    expect(decoded.map(({ name, op, inputList }) => [name, op, inputList])).toEqual(
      nodes.map(({ name, op, inputs }) => [name, op, inputs]),
    );
    expect(decoded.map(({ attrMap }) => attrMap.map(([name]) => name).sort())).toEqual([['dtype'], [], ['N', 'T']]);
  });

  it('is of a version that TensorFlow 2 reads', () => {
    expect(decode([]).versions.producer).toBeGreaterThanOrEqual(21);
  });
});

/** An AttrValue in which nothing is set. */
const EMPTY = { s: '', i: 0, f: 0, b: false, type: 0, shape: undefined, tensor: undefined, list: undefined };
