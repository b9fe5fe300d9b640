import type { WasmModule } from '../wasm-backend.js';
import { assemble } from './assembler.js';
import { rsqrt, tanh } from './elementwise.js';
import { matmul } from './matmul.js';
import { transpose } from './transpose.js';

/** Our compiled functions. Addresses are byte offsets in the memory that they share with tfjs's module. */
export interface SimdFunctions {
  /** out (M, N) = a (M, K) · b (K, N); see `matmul.ts`. */
  readonly matmul: (
    a: number,
    aStep: number,
    b: number,
    out: number,
    ...sizesAndPanel: [M: number, N: number, K: number, panel: number]
  ) => void;
  /** out (N, M) = xᵀ, x (M, N). */
  readonly transpose: (x: number, out: number, M: number, N: number) => void;
  readonly tanh: (x: number, out: number, n: number) => void;
  readonly rsqrt: (x: number, out: number, n: number) => void;
}

/** The part of the WebAssembly API that is used here; TypeScript declares it for browsers only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const instances = new WeakMap<WasmModule, SimdFunctions>();

/** The functions on the memory of a module: assembled (about 2 ms) when first asked for. */
export function simdFunctions(wasm: WasmModule): SimdFunctions {
  const known = instances.get(wasm);
  if (known) return known;
  const bytes = assemble([matmul(), transpose(), tanh(), rsqrt()]);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: wasm.asm.memory } });
  const functions = instance.exports as SimdFunctions;
  instances.set(wasm, functions);
  return functions;
}
