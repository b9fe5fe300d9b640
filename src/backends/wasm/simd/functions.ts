import type { WasmModule } from '../wasm-backend.js';
import { assemble, type WasmFunction } from './assembler.js';
import { generation } from './generation.js';
import { type ElementwiseOp, loopFunction } from './loop.js';
import { matmul } from './matmul.js';
import { recurrence } from './recurrence.js';
import { WebAssembly } from './relaxed.js';
import { row } from './row.js';
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
  /** out = x + y; out may be y. */
  readonly add: (x: number, y: number, out: number, n: number) => void;
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
  /** A text, symbol by symbol; see `generation.ts`. */
  readonly generate: (
    ...addresses: [
      ...[inputs: number, Whh: number, Why: number, biases: number, states: number, symbols: number, logits: number],
      ...[N: number, V: number, H: number],
    ]
  ) => void;
}

const instances = new WeakMap<WasmModule, SimdFunctions>();

/** The functions on the memory of a module: assembled (about 2 ms) when first asked for. */
export function simdFunctions(wasm: WasmModule): SimdFunctions {
  const known = instances.get(wasm);
  if (known) return known;
  const rows = row(0);
  const product = matmul(rows.length - 1);
  const functions = instantiate<SimdFunctions>(wasm, [
    ...rows,
    product,
    ...recurrence(rows.length, rows.length + 1),
    ...generation(rows.length - 1, rows.length + 1, rows.length + 5),
    transpose(),
    single('tanh', { name: 'Tanh' }, 1),
    single('rsqrt', { name: 'Rsqrt' }, 1),
    single('add', { name: 'Add' }, 2),
  ]);
  instances.set(wasm, functions);
  return functions;
}

/** Functions on the memory of a module, by name. */
export function instantiate<Functions>(wasm: WasmModule, functions: readonly WasmFunction[]): Functions {
  const module = new WebAssembly.Module(assemble(functions));
  return new WebAssembly.Instance(module, { env: { memory: wasm.asm.memory } }).exports as Functions;
}

/** One operation as a loop of its own. */
function single(name: string, op: ElementwiseOp, vectors: number): WasmFunction {
  const operands = Array.from({ length: vectors }, (_, i) => i);
  return loopFunction(name, { vectors, scalars: 0, operations: [{ op, operands }], results: [vectors] });
}
