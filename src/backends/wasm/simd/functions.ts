import type { WasmModule } from '../wasm-backend.js';
import { assemble, type WasmFunction } from './assembler.js';
import { generation } from './generation.js';
import { type ElementwiseOp, loopFunction } from './loop.js';
import { matmul } from './matmul.js';
import { memory } from './memory.js';
import { recurrence } from './recurrence.js';
import { HAS_RELAXED_MADD, WebAssembly } from './relaxed.js';
import { row } from './row.js';
import { rows } from './rows.js';
import { softmax } from './softmax.js';
import { transpose } from './transpose.js';

/** Our compiled functions. Addresses are byte offsets in the memory that they share with tfjs's module. */
export interface SimdFunctions {
  /** out (M, N) = a (M, K) · b (K, N); see `matmul.ts`. */
  readonly matmul: (
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    out: number,
    ...sizesAndPanel: [M: number, N: number, K: number, panel: number]
  ) => void;
  /** out (N, M) = xᵀ, x (M, N). */
  readonly transpose: (x: number, out: number, M: number, N: number) => void;
  readonly tanh: (x: number, out: number, n: number) => void;
  readonly rsqrt: (x: number, out: number, n: number) => void;
  /** Each row of out (M, N) = that of x + y (N). */
  readonly addToRows: (x: number, y: number, out: number, M: number, N: number) => void;
  /** Row m of out (M, N) = row places[m] of x, of values of 32 bits. */
  readonly pickRows: (x: number, places: number, out: number, M: number, N: number) => void;
  /** Row m of x (M, N) added to row places[m] of out (S, N), if it has that row. */
  readonly sumRows: (x: number, places: number, out: number, M: number, N: number, S: number) => void;
  /** All steps of a recurrence; see `recurrence.ts`. */
  readonly forward: (
    ...addresses: [x: number, states: number, Whh: number, T: number, B: number, H: number, panel: number]
  ) => void;
  /** The same backward. */
  readonly backward: (
    ...addresses: [
      ...[states: number, wanted: number, WhhT: number, out: number],
      ...[T: number, B: number, H: number, panel: number],
    ]
  ) => void;
  /** Bytes, which may overlap; see `memory.ts`. */
  readonly copy: (from: number, to: number, bytes: number) => void;
  /** Bytes set to 0. */
  readonly clear: (to: number, bytes: number) => void;
  /** Softmax cross-entropy of N rows; see `softmax.ts`. */
  readonly softmax: (
    ...addresses: [logits: number, targets: number, picked: number, out: number, N: number, V: number]
  ) => void;
  /** A matrix (K, N) laid out for products of one row; see `row.ts`. */
  readonly pack: (b: number, packed: number, N: number, K: number) => void;
  /** A text, symbol by symbol; see `generation.ts`. */
  readonly generate: (
    ...addresses: [
      ...[inputs: number, Whh: number, Why: number, by: number, draws: number],
      ...[states: number, symbols: number, logits: number],
      ...[N: number, V: number, H: number],
    ]
  ) => void;
}

const instances = new WeakMap<WasmModule, SimdFunctions>();

/** The functions on the memory of a module: assembled (about 2 ms) when first asked for. */
export function simdFunctions(wasm: WasmModule): SimdFunctions {
  const known = instances.get(wasm);
  if (known) return known;
  const functions = instantiate<SimdFunctions>(wasm, writeFunctions());
  instances.set(wasm, functions);
  return functions;
}

/**
 * A module of `matmul` and `forward` on an imported memory, for engines that are not here: every one that knows SIMD takes
 * it, and computes the same to the bit.
 */
export function forwardModule(): Uint8Array {
  return assemble(writeForward(), false);
}

/** What it takes to read, in its places: functions that are called by place come before their callers. */
function writeForward(): WasmFunction[] {
  const functions = row(0);
  functions.push(matmul(placeIn(functions, 'row')));
  const [product, packedRow, pack] = ['matmul', 'packedRow', 'pack'].map((name) => placeIn(functions, name));
  const products = { matmul: product, packedRow, pack };
  return [...functions, ...recurrence(products, functions.length)];
}

function placeIn(functions: readonly WasmFunction[], name: string): number {
  return functions.findIndex((written) => written.name === name);
}

/** All functions in their places. */
function writeFunctions(): WasmFunction[] {
  const functions = writeForward();
  functions.push(...generation(placeIn(functions, 'packedRow'), placeIn(functions, 'step'), functions.length));
  functions.push(...rows(functions.length));
  return [...functions, ...memory(), softmax(), transpose(), single('tanh'), single('rsqrt')];
}

/** Functions on the memory of a module, by name. */
export function instantiate<Functions>(wasm: WasmModule, functions: readonly WasmFunction[]): Functions {
  const module = new WebAssembly.Module(assemble(functions, HAS_RELAXED_MADD));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: wasm.asm.memory } });
  return { ...(exports as Functions) };
}

/** One operation on each value as a loop of its own. */
function single(name: 'tanh' | 'rsqrt'): WasmFunction {
  const op: ElementwiseOp = { name: name === 'tanh' ? 'Tanh' : 'Rsqrt' };
  return loopFunction(name, { vectors: 1, scalars: 0, operations: [{ op, operands: [0] }], results: [1] });
}
