import { type Code, type Local, WasmFunction } from './assembler.js';
import { bytesOf, call, countUp, f32x4, i32, increase, repeatWhile, v128, when } from './instructions.js';

/** Most registers of sums of a strip; fewer than 8 wait for each other. */
const WIDEST = 9;

/**
 * row(a, aStep, b, out, N, K): one row of a product, out (N) = a (K) · b (K, N), float32; sums run over k in order. From
 * one value of a to the next it is `aStep` bytes. And before it, a function for strips of each width.
 *
 * V8 puts each addition right behind the load of what is added, so that as many sums as registers are possible, only in
 * a loop that is in no other, too long to be unrolled, and may be passed over for all that V8 knows. So strips have
 * functions of their own, and k counts down from a parameter.
 * @param first the place of the first of these functions in the module; the last one is `row`.
 */
export function row(first: number): WasmFunction[] {
  const widths = Array.from({ length: WIDEST }, (_, i) => i + 1);
  return [...widths.map((width) => strip(width)), single(), whole(first)];
}

/** strip(a, aStep, b, rowBytes, out, K): columns of the row, `width` registers of four; `rowBytes` is a row of b. */
function strip(width: number): WasmFunction {
  return columns(`strip${width}`, width, v128.load, v128.store);
}

/** The same for one column. */
function single(): WasmFunction {
  return columns('single', 1, v128.loadSplat, v128.storeFirst);
}

function columns(
  name: string,
  width: number,
  load: (address: Code, offset?: number) => Code,
  store: (address: Code, value: Code, offset?: number) => Code,
): WasmFunction {
  const made = new WasmFunction(name, ['a', 'aStep', 'b', 'rowBytes', 'out', 'K']);
  const { a, aStep, b, rowBytes, out, K } = made.parameters;
  const [k, aAt, bAt] = made.locals('i32', 3);
  const sums = made.locals('v128', width);
  const factor = made.local('v128');
  const add = (sum: Local, i: number) => sum.set(f32x4.multiplyAdd(factor.get, load(bAt.get, 16 * i), sum.get));
  made.body = [
    [aAt.set(a.get), bAt.set(b.get), k.set(K.get)],
    sums.map((sum) => sum.set(f32x4.const(0))),
    repeatWhile(k.get, [
      factor.set(v128.loadSplat(aAt.get)),
      sums.map(add),
      [increase(aAt, aStep.get), increase(bAt, rowBytes.get), increase(k, i32.const(-1))],
    ]),
    sums.map((sum, i) => store(out.get, sum.get, 16 * i)),
  ];
  return made;
}

/** All columns, in as few strips as can be, each as wide as the others or one register wider. */
function whole(first: number): WasmFunction {
  const made = new WasmFunction('row', ['a', 'aStep', 'b', 'out', 'N', 'K']);
  const { a, aStep, b, out, N, K } = made.parameters;
  const [left, strips, width, rowBytes, n] = made.locals('i32', 5);
  const one = (place: number) => call(first + place, a.get, aStep.get, b.get, rowBytes.get, out.get, K.get);
  const next = (bytes: Code) => [increase(b, bytes), increase(out, bytes)];
  made.body = [
    rowBytes.set(bytesOf(N.get)),
    left.set(i32.shiftRight(N.get, i32.const(2))),
    strips.set(i32.divide(i32.add(left.get, i32.const(WIDEST - 1)), i32.const(WIDEST))),
    repeatWhile(strips.get, [
      width.set(i32.divide(left.get, strips.get)),
      Array.from({ length: WIDEST }, (_, i) => when(i32.equal(width.get, i32.const(i + 1)), one(i))),
      next(i32.shl(width.get, i32.const(4))),
      increase(left, i32.sub(i32.const(0), width.get)),
      increase(strips, i32.const(-1)),
    ]),
    n.set(i32.and(N.get, i32.const(-4))),
    countUp(n, N, 1, [one(WIDEST), next(i32.const(4))]),
  ];
  return made;
}
