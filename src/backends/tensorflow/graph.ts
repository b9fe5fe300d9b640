import { PbfWriter } from 'pbf';

/** A value of an op's attribute, one kind of TensorFlow's AttrValue each. */
export type Attribute =
  | { kind: 'string'; value: string }
  | { kind: 'int' | 'float' | 'type'; value: number }
  | { kind: 'bool'; value: boolean }
  | { kind: 'shape'; value: readonly number[] }
  | { kind: 'ints' | 'floats'; value: readonly number[] }
  | { kind: 'bools'; value: readonly boolean[] }
  | { kind: 'strings'; value: readonly string[] }
  | { kind: 'tensor'; value: ConstantValue };

/** A constant: TensorFlow's number for the dtype, the shape, and the values as little-endian bytes. */
export interface ConstantValue {
  dtype: number;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** One node: TensorFlow's op name, the outputs it reads ("name" or "name:index"), its attributes, where it must run. */
export interface GraphNode {
  name: string;
  op: string;
  inputs: readonly string[];
  attributes: ReadonlyMap<string, Attribute>;
  /** The shape of each output. */
  shapes: readonly (readonly number[])[];
  /** TensorFlow's name of a device; without one TensorFlow chooses. */
  device?: string;
}

/** The GraphDef version whose rules the nodes follow: any from 21 on is read by TensorFlow 2. */
const PRODUCER = 1882;

/**
 * Encodes nodes as a GraphDef. Field numbers are those of TensorFlow's graph.proto, node_def.proto, attr_value.proto,
 * tensor.proto and tensor_shape.proto.
 */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeMessage(4, (producer: number, versions) => versions.writeVarintField(1, producer), PRODUCER);
  return pbf.finish();
}

function writeNode(node: GraphNode, pbf: PbfWriter): void {
  pbf.writeStringField(1, node.name);
  pbf.writeStringField(2, node.op);
  for (const input of node.inputs) pbf.writeStringField(3, input);
  if (node.device !== undefined) pbf.writeStringField(4, node.device);
  for (const entry of node.attributes) pbf.writeMessage(5, writeAttributeEntry, entry);
}

function writeAttributeEntry([name, attribute]: [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeAttribute, attribute);
}

function writeAttribute(attribute: Attribute, pbf: PbfWriter): void {
  switch (attribute.kind) {
    case 'string':
      return pbf.writeBytesField(2, Buffer.from(attribute.value));
    case 'int':
      return pbf.writeVarintField(3, attribute.value);
    case 'float':
      return pbf.writeFloatField(4, attribute.value);
    case 'bool':
      return pbf.writeBooleanField(5, attribute.value);
    case 'type':
      return pbf.writeVarintField(6, attribute.value);
    case 'shape':
      return pbf.writeMessage(7, writeShape, attribute.value);
    case 'tensor':
      return pbf.writeMessage(8, writeTensor, attribute.value);
    case 'ints':
      return pbf.writeMessage(1, (list: readonly number[], to) => to.writePackedVarint(3, [...list]), attribute.value);
    case 'floats':
      return pbf.writeMessage(1, (list: readonly number[], to) => to.writePackedFloat(4, [...list]), attribute.value);
    case 'strings':
      return pbf.writeMessage(1, writeStrings, attribute.value);
    case 'bools':
      return pbf.writeMessage(
        1,
        (list: readonly boolean[], to) => to.writePackedBoolean(5, [...list]),
        attribute.value,
      );
  }
}

function writeStrings(list: readonly string[], pbf: PbfWriter): void {
  for (const text of list) pbf.writeBytesField(2, Buffer.from(text));
}

function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const side of shape) pbf.writeMessage(2, (size: number, dim) => dim.writeVarintField(1, size), side);
}

function writeTensor({ dtype, shape, bytes }: ConstantValue, pbf: PbfWriter): void {
  pbf.writeVarintField(1, dtype);
  pbf.writeMessage(2, writeShape, shape);
  pbf.writeBytesField(4, bytes);
}
