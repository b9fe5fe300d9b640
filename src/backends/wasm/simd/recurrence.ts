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
 * `panel` is room for H H values where B is 1, else as `matmul` says.
 * @param products the places in the module of the products; @param first the place of the first of these functions.
 */
export function recurrence(products: Products, first: number): WasmFunction[] {
  return [step(), stepBack(), forward(products, first), backward(products, first + 1)];
}

/** The places of the functions for a product of any rows, and for one of a row alone; see `matmul.ts` and `row.ts`. */
interface Products {
  readonly matmul: number;
  readonly packedRow: number;
  readonly pack: number;
}

/**
 * What comes before all products with the weights (H, H), and the product of step t: to (B, H) = from (B, H) · weights;
 * within a function with the parameters B, H and panel. A row alone waits for memory, so the weights are packed for it.
 */
function product({ matmul, packedRow, pack }: Products, within: WasmFunction, weights: Local) {
  const { B, H, panel } = within.parameters;
  const [one, four] = [i32.const(1), i32.const(4)];
  const isRow = i32.equal(B.get, one);
  return {
    before: when(isRow, call(pack, weights.get, panel.get, H.get, H.get)),
    step: (t: Local, from: Code, to: Code): Code => [
      when(isRow, call(packedRow, from, four, panel.get, to, H.get, H.get, i32.and(t.get, one))),
      when(
        i32.less(one, B.get),
        call(matmul, from, bytesOf(H.get), four, weights.get, to, B.get, H.get, H.get, panel.get),
      ),
    ],
  };
}

function forward(products: Products, next: number): WasmFunction {
  const made = new WasmFunction('forward', ['x', 'states', 'Whh', 'T', 'B', 'H', 'panel']);
  const { x, states, Whh, T, B, H } = made.parameters;
  const [t, n, after] = made.locals('i32', 3);
  const { before, step } = product(products, made, Whh);
  made.body = [
    n.set(i32.mul(B.get, H.get)),
    before,
    countDown(t, T, [
      after.set(i32.add(states.get, bytesOf(n.get))),
      step(t, states.get, after.get),
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
  const [t, n, earlier] = made.locals('i32', 3);
  const back = i32.sub(i32.const(0), bytesOf(n.get));
  const one = call(next, out.get, wanted.get, states.get, out.get, n.get);
  const { before, step } = product(products, made, WhhT);
  made.body = [
    n.set(i32.mul(B.get, H.get)),
    before,
    one,
    increase(T, i32.const(-1)),
    countDown(t, T, [
      earlier.set(i32.add(out.get, back)),
      step(t, out.get, earlier.get),
      out.set(earlier.get),
      increase(wanted, back),
      increase(states, back),
      one,
    ]),
  ];
  return made;
}
