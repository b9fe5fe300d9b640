import { type Code, type Local, WasmFunction } from './assembler.js';
import { bytesOf, call, countDown, i32, increase, when } from './instructions.js';
import { loopFunction } from './loop.js';

/** add(x, y, out, n) with out = tanh(x + y). */
const step = () =>
  loopFunction('step', {
    vectors: 2,
    scalars: 0,
    operations: [
      { op: { name: 'Add' }, operands: [0, 1] },
      { op: { name: 'Tanh' }, operands: [2] },
    ],
    results: [3],
  });

/** stepBack(next, here, h, out, n) with out = (next + here) (1 - h²). */
const stepBack = () =>
  loopFunction('stepBack', {
    vectors: 3,
    scalars: 0,
    operations: [
      { op: { name: 'Add' }, operands: [0, 1] },
      { op: { name: 'TanhSlope' }, operands: [2] },
      { op: { name: 'Multiply' }, operands: [3, 4] },
    ],
    results: [5],
  });

/**
 * forward(x, states, Whh, T, B, H, panel): states h_0 ... h_T, (B, H) each, from h_0 on: h_t = tanh(x_t + h_{t-1} Whh).
 * backward(states, wanted, WhhT, out, T, B, H, panel), each address that of the last step's block: out dhRaw_1 ... dhRaw_T,
 * (B, H) each, from zeros in the last on: dhRaw_t = (wanted_t + dhRaw_{t+1} WhhT) (1 - h_t²).
 * @param products the places in the module of the products; @param first the place of the first of these functions.
 */
export function recurrence(products: Products, first: number): WasmFunction[] {
  return [step(), stepBack(), forward(products, first), backward(products, first + 1)];
}

/** The places of the functions for a product of any rows and for one of a row alone, see `matmul.ts` and `row.ts`. */
interface Products {
  readonly matmul: number;
  readonly row: number;
}

/** to (B, H) = from (B, H) · weights (H, H) in step t, within a function with the parameters B, H and panel. */
function product({ matmul, row }: Products, within: WasmFunction, t: Local, from: Code, weights: Code, to: Code): Code {
  const { B, H, panel } = within.parameters;
  const [one, four] = [i32.const(1), i32.const(4)];
  const isBack = i32.and(t.get, one);
  const rows = call(matmul, from, bytesOf(H.get), four, weights, to, B.get, H.get, H.get, panel.get);
  return [
    when(i32.equal(B.get, one), call(row, from, four, weights, to, H.get, H.get, isBack)),
    when(i32.less(one, B.get), rows),
  ];
}

function forward(products: Products, next: number): WasmFunction {
  const made = new WasmFunction('forward', ['x', 'states', 'Whh', 'T', 'B', 'H', 'panel']);
  const { x, states, Whh, T, B, H } = made.parameters;
  const [t, n, after] = made.locals('i32', 3);
  made.body = [
    n.set(i32.mul(B.get, H.get)),
    countDown(t, T, [
      after.set(i32.add(states.get, bytesOf(n.get))),
      product(products, made, t, states.get, Whh.get, after.get),
      call(next, x.get, after.get, after.get, n.get),
      states.set(after.get),
      increase(x, bytesOf(n.get)),
    ]),
  ];
  return made;
}

function backward(products: Products, next: number): WasmFunction {
  const made = new WasmFunction('backward', ['states', 'wanted', 'WhhT', 'out', 'T', 'B', 'H', 'panel']);
  const { states, wanted, WhhT, out, T, B, H } = made.parameters;
  const [t, n, before] = made.locals('i32', 3);
  const back = i32.sub(i32.const(0), bytesOf(n.get));
  const one = call(next, out.get, wanted.get, states.get, out.get, n.get);
  made.body = [
    n.set(i32.mul(B.get, H.get)),
    one,
    increase(T, i32.const(-1)),
    countDown(t, T, [
      before.set(i32.add(out.get, back)),
      product(products, made, t, out.get, WhhT.get, before.get),
      out.set(before.get),
      increase(wanted, back),
      increase(states, back),
      one,
    ]),
  ];
  return made;
}
