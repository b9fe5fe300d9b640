import type { ModelSize, PerParameter } from '../../../model/parameters.js';
import type { ForwardRnn } from '../../../model/reference/forward-rnn.js';
import { softmaxInPlace } from '../../../model/reference/rnn.js';

/** The part of the WebAssembly API that is used here, in the browser and in tests. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly?: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { readonly exports: unknown };
    Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  };
};

/** What the module of `forwardModule` exports; addresses are in bytes. */
interface Functions {
  matmul(...given: [...addresses: [a: number, aRow: number, aStep: number, b: number, out: number], ...sizes: [M: number, N: number, K: number], panel: number]): void; // prettier-ignore
  forward(...given: [...addresses: [x: number, states: number, Whh: number], ...sizes: [T: number, B: number, H: number], panel: number]): void; // prettier-ignore
}

const PAGE_BYTES = 2 ** 16;

/** Arrays lie on multiples of so many float32, as registers and lines of the cache do. */
const ALIGNED = 16;

/** Columns of a product that are computed together. */
const PANEL = 8;

/**
 * Reads as `ReferenceRnn` does, with its products and tanh compiled and in float32. A stream's numbers are the same in
 * every bit whatever streams there are beside it. Its memory holds the weights, and behind them one window.
 */
export class CompiledRnn implements ForwardRnn {
  hiddens: Float32Array = new Float32Array();
  rowLosses: Float32Array = new Float32Array();
  probabilities: Float32Array = new Float32Array();
  readonly #memory;
  readonly #functions: Functions;
  /** Float32 that are taken, and where the weights are: Wxhᵀ + bh (V, H), Whhᵀ (H, H), Whyᵀ (H, V), by (V). */
  #taken = 0;
  readonly #inputs: number;
  readonly #Whh: number;
  readonly #Why: number;
  readonly #by: number;
  readonly #panel: number;
  readonly #weightsEnd: number;
  /** Where the window's inputs (T B, H), states (T + 1, B, H) and logits (T B, V) are. */
  #x = 0;
  #states = 0;
  #logits = 0;
  #batchSize = 0;
  #seqLength = 0;

  /** @param bytes of the module. @throws where the engine does not know SIMD or may not compile. */
  constructor(
    bytes: Uint8Array,
    readonly size: ModelSize,
    parameters: PerParameter<Float32Array>,
  ) {
    if (!WebAssembly) throw new Error('this browser has no WebAssembly');
    const { hiddenSize: H, vocabularySize: V } = size;
    const module = new WebAssembly.Module(bytes);
    this.#memory = new WebAssembly.Memory({ initial: 0 });
    this.#functions = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as Functions;
    [this.#inputs, this.#Whh, this.#Why] = [this.#take(V * H), this.#take(H * H), this.#take(H * V)];
    [this.#by, this.#panel] = [this.#take(V), this.#take(Math.max(PANEL, H) * H)];
    this.#weightsEnd = this.#taken;
    this.#setWeights(parameters);
  }

  /** Starts with other windows, as `ForwardRnnFrom`. */
  from(hidden: Float32Array, seqLength: number): this {
    const { hiddenSize: H, vocabularySize: V } = this.size;
    const rows = (seqLength * hidden.length) / H;
    [this.#batchSize, this.#seqLength, this.#taken] = [hidden.length / H, seqLength, this.#weightsEnd];
    this.#x = this.#take(rows * H);
    this.#states = this.#take(rows * H + hidden.length);
    this.#logits = this.#take(rows * V);
    this.hiddens = this.#values(this.#states, rows * H + hidden.length);
    this.probabilities = this.#values(this.#logits, rows * V);
    this.rowLosses = new Float32Array(rows);
    this.hiddens.set(hidden);
    return this;
  }

  forward(inputs: Int32Array, targets: Int32Array): void {
    const { hiddenSize: H, vocabularySize: V } = this.size;
    const [T, B, rows] = [this.#seqLength, this.#batchSize, inputs.length];
    const all = this.#values(0, this.#taken);
    for (let row = 0; row < rows; row++) {
      const from = this.#inputs + inputs[row] * H;
      all.copyWithin(this.#x + row * H, from, from + H);
    }
    const [x, states, Whh, Why, logits, panel] = [this.#x, this.#states, this.#Whh, this.#Why, this.#logits, this.#panel].map((at) => 4 * at); // prettier-ignore
    this.#functions.forward(x, states, Whh, T, B, H, panel);
    this.#functions.matmul(states + 4 * B * H, 4 * H, 4, Why, logits, rows, V, H, panel);
    const y = this.probabilities;
    const by = this.#values(this.#by, V);
    for (let from = 0; from < y.length; from += V) for (let v = 0; v < V; v++) y[from + v] += by[v];
    softmaxInPlace(y, V, targets, this.rowLosses);
  }

  advance(): void {
    const size = this.#batchSize * this.size.hiddenSize;
    this.hiddens.copyWithin(0, this.#seqLength * size, (this.#seqLength + 1) * size);
  }

  #setWeights({ Wxh, Whh, Why, bh, by }: PerParameter<Float32Array>): void {
    const { hiddenSize: H, vocabularySize: V } = this.size;
    const inputs = this.#values(this.#inputs, V * H);
    transpose(Wxh, H, V, inputs);
    for (let i = 0; i < V * H; i += H) for (let h = 0; h < H; h++) inputs[i + h] += bh[h];
    transpose(Whh, H, H, this.#values(this.#Whh, H * H));
    transpose(Why, V, H, this.#values(this.#Why, H * V));
    this.#values(this.#by, V).set(by);
  }

  /** Makes room for values. @returns where, in float32 from the start of the memory. */
  #take(length: number): number {
    const at = this.#taken;
    this.#taken += Math.ceil(length / ALIGNED) * ALIGNED;
    const missing = 4 * this.#taken - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  #values(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, 4 * at, length);
  }
}

/** out (columns, rows) = matrixᵀ. */
function transpose(matrix: Float32Array, rows: number, columns: number, out: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = matrix[row * columns + column];
  }
}
