import type { Attribute, ConstantValue, GraphNode } from './graph.js';

/** TensorFlow's number for float32, the only dtype that the fused kernels are used for. */
const FLOAT32 = 1;

/** Rewrites one node, given the (already rewritten) nodes before it; undefined leaves it as it is. */
type Rule = (node: GraphNode, graph: Graph) => GraphNode | undefined;

/**
 * Rewrites recorded nodes into fewer with the same results: tfjs-node composes from several ops what TensorFlow has as
 * one, and a small op in a graph costs its call more than its arithmetic. Nodes that are no longer needed are left out.
 * @param nodes in the order in which they ran; @param outputs the node outputs that must stay, "name" or "name:index".
 * @param onCard leaves products apart from what follows them: CUDA's fused kernels serve tanh for half precision only.
 */
export function simplify(nodes: readonly GraphNode[], outputs: readonly string[], onCard = false): GraphNode[] {
  const graph = new Graph(nodes, outputs);
  for (const node of nodes) {
    let current = node;
    for (const rule of onCard ? CARD_RULES : RULES) current = rule(current, graph) ?? current;
    graph.replace(current);
  }
  return graph.needed();
}

class Graph {
  readonly #nodes: Map<string, GraphNode>;
  readonly #uses = new Map<string, number>();

  constructor(
    nodes: readonly GraphNode[],
    private readonly outputs: readonly string[],
  ) {
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
    for (const name of [...nodes.flatMap((node) => node.inputs), ...outputs].map(nodeName)) {
      this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    }
  }

  replace(node: GraphNode): void {
    this.#nodes.set(node.name, node);
  }

  /** The node that makes an output. */
  maker(output: string): GraphNode | undefined {
    return this.#nodes.get(nodeName(output));
  }

  /** The node that makes an output, if it is of kind `op`. */
  find(output: string | undefined, op: string): GraphNode | undefined {
    const node = output === undefined ? undefined : this.maker(output);
    return node?.op === op ? node : undefined;
  }

  /** As `find`, if nothing else reads the node. */
  findUnshared(output: string | undefined, op: string): GraphNode | undefined {
    const node = this.find(output, op);
    return node && this.#uses.get(node.name) === 1 ? node : undefined;
  }

  /** The shape of an output. */
  shape(output: string): readonly number[] | undefined {
    const index = Number(output.split(':')[1] ?? 0);
    return this.maker(output)?.shapes[index];
  }

  /** The value of a constant of one float32. */
  scalar(output: string | undefined): number | undefined {
    const constant = this.find(output, 'Const')?.attributes.get('value');
    return constant?.kind === 'tensor' ? singleFloat(constant.value) : undefined;
  }

  /** The nodes that the outputs need, in order. */
  needed(): GraphNode[] {
    const needed = new Set<string>();
    const queue = this.outputs.map(nodeName);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (needed.has(name)) continue;
      needed.add(name);
      queue.push(...(this.#nodes.get(name)?.inputs ?? []).map(nodeName));
    }
    return [...this.#nodes.values()].filter(({ name, op }) => op === 'Placeholder' || needed.has(name));
  }
}

const nodeName = (output: string): string => output.split(':')[0];

function singleFloat({ dtype, bytes }: ConstantValue): number | undefined {
  if (dtype !== FLOAT32 || bytes.length !== 4) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

const isFloat = ({ attributes }: GraphNode): boolean => {
  const type = attributes.get('T');
  return type?.kind === 'type' && type.value === FLOAT32;
};

/** A product of two matrices is recorded as one of two batches of matrices: the plain one is called faster. */
const plainMatMul: Rule = (node, graph) => {
  if (node.op !== 'BatchMatMulV2' || !isFloat(node)) return undefined;
  if (node.inputs.some((input) => graph.shape(input)?.length !== 2)) return undefined;
  const flag = (name: string): Attribute => {
    const given = node.attributes.get(name);
    return { kind: 'bool', value: given?.kind === 'bool' && given.value };
  };
  const attributes = new Map<string, Attribute>([
    ['T', { kind: 'type', value: FLOAT32 }],
    ['transpose_a', flag('adj_x')],
    ['transpose_b', flag('adj_y')],
  ]);
  return { ...node, op: 'MatMul', attributes };
};

/** a · b + vector → one op. */
const fusedBias: Rule = (node, graph) => {
  if (node.op !== 'Add' && node.op !== 'AddV2') return undefined;
  for (const [product, bias] of [node.inputs, [...node.inputs].reverse()]) {
    const matMul = graph.findUnshared(product, 'MatMul');
    if (!matMul || graph.shape(bias)?.join() !== String(graph.shape(product)?.[1])) continue;
    return fusedMatMul(node, [...matMul.inputs, bias], matMul, ['BiasAdd']);
  }
  return undefined;
};

/** tanh(a · b + vector) → one op. */
const fusedTanh: Rule = (node, graph) => {
  if (node.op !== 'Tanh') return undefined;
  const biased = graph.findUnshared(node.inputs[0], '_FusedMatMul');
  const ops = biased?.attributes.get('fused_ops');
  // Not a tanh of what is the tanh of a product already.
  if (!biased || ops?.kind !== 'strings' || ops.value.includes('Tanh')) return undefined;
  return fusedMatMul(node, biased.inputs, biased, ['BiasAdd', 'Tanh']);
};

function fusedMatMul(node: GraphNode, inputs: readonly string[], matMul: GraphNode, ops: readonly string[]): GraphNode {
  const attributes = new Map([
    ...matMul.attributes,
    ['num_args', { kind: 'int', value: 1 }] as const,
    ['fused_ops', { kind: 'strings', value: ops }] as const,
    ['epsilon', { kind: 'float', value: 0 }] as const,
    ['leakyrelu_alpha', { kind: 'float', value: 0 }] as const,
  ]);
  return { ...node, op: '_FusedMatMul', inputs, attributes };
}

/** dh (1 - h²) → one op. */
const tanhGradient: Rule = (node, graph) => {
  if (node.op !== 'Mul' || !isFloat(node)) return undefined;
  for (const [dh, slope] of [node.inputs, [...node.inputs].reverse()]) {
    const difference = graph.findUnshared(slope, 'Sub');
    const square = difference && graph.findUnshared(difference.inputs[1], 'Square');
    if (!square || graph.scalar(difference.inputs[0]) !== 1) continue;
    const [h] = square.inputs;
    if (graph.shape(h)?.join() !== graph.shape(dh)?.join()) continue;
    return { ...node, op: 'TanhGrad', inputs: [h, dh] };
  }
  return undefined;
};

/** max(min(x, high), low) → one op. */
const clipByValue: Rule = (node, graph) => {
  if (node.op !== 'Maximum' || !isFloat(node)) return undefined;
  const minimum = graph.findUnshared(node.inputs[0], 'Minimum');
  const [low, high] = [node.inputs[1], minimum?.inputs[1]];
  if (!minimum || graph.scalar(low) === undefined || graph.scalar(high) === undefined || high === undefined)
    return undefined;
  return { ...node, op: 'ClipByValue', inputs: [minimum.inputs[0], low, high] };
};

const RULES: readonly Rule[] = [plainMatMul, fusedBias, fusedTanh, tanhGradient, clipByValue];

const CARD_RULES: readonly Rule[] = [plainMatMul, tanhGradient, clipByValue];
