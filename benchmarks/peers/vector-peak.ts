// Prints the best GFLOP/s of multiply-adds of WebAssembly's vectors of four on one core, as `measureGemm` reads it:
// {"gflops": {"in registers": ..., "with a load each": ...}}. A product of one row needs a load for each.
import { assemble, type Code, WasmFunction } from '../../src/backends/wasm/simd/assembler.js';
import { countDown, f32x4, i32, v128 } from '../../src/backends/wasm/simd/instructions.js';
import { HAS_RELAXED_MADD, WebAssembly } from '../../src/backends/wasm/simd/relaxed.js';

const SECONDS = 2;
const TURNS = 200_000;
/** As many as the widest strips of `row` have: enough not to wait for each other. */
const SUMS = 9;
const FLOPS_PER_TURN = SUMS * 2 * 4;

/** Addresses of the factors: 8 KiB, of which the processor's first cache has all. */
const MASK = 0x1ff0;

/** A function (turns) that adds a product to each of the sums in each turn, with the second factors of `factorOf`. */
function multiplyAdds(name: string, factorOf: (at: Code, i: number) => Code): WasmFunction {
  const made = new WasmFunction(name, ['turns']);
  const { turns } = made.parameters;
  const [left, at] = made.locals('i32', 2);
  const [factor, ...sums] = made.locals('v128', SUMS + 1);
  made.body = [
    factor.set(f32x4.const(0.5)),
    countDown(left, turns, [
      at.set(i32.and(i32.shl(left.get, i32.const(4)), i32.const(MASK))),
      sums.map((sum, i) => sum.set(f32x4.multiplyAdd(factor.get, factorOf(at.get, i), sum.get))),
    ]),
    sums.map((sum, i) => v128.store(at.get, sum.get, 16 * i)),
  ];
  return made;
}

const functions = {
  'in registers': multiplyAdds('in registers', () => f32x4.const(0.25)),
  'with a load each': multiplyAdds('with a load each', (at, i) => v128.load(at, 16 * i)),
};

const { Memory } = WebAssembly as unknown as { Memory: new (size: { initial: number }) => object };
const module = new WebAssembly.Module(assemble(Object.values(functions), HAS_RELAXED_MADD));
const { exports } = new WebAssembly.Instance(module, { env: { memory: new Memory({ initial: 1 }) } });
const compiled = exports as Record<string, (turns: number) => void>;

function bestGflops(run: (turns: number) => void): number {
  const end = performance.now() + 1000 * SECONDS;
  let best = 0;
  do {
    const start = performance.now();
    run(TURNS);
    best = Math.max(best, (FLOPS_PER_TURN * TURNS) / (performance.now() - start) / 1e6);
  } while (performance.now() < end);
  return best;
}

const gflops = Object.fromEntries(Object.keys(functions).map((name) => [name, bestGflops(compiled[name])]));
console.log(JSON.stringify({ gflops }));
