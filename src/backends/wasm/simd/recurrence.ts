import { WasmFunction } from './assembler.js';
import { bytesOf, call, countDown, i32, increase } from './instructions.js';
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
 * @param matmul the product's place in the module; @param first the place of the first of these functions.
 */
export function recurrence(matmul: number, first: number): WasmFunction[] {
  return [step(), stepBack(), forward(matmul, first), backward(matmul, first + 1)];
}

function forward(matmul: number, next: number): WasmFunction {
  const made = new WasmFunction('forward', ['x', 'states', 'Whh', 'T', 'B', 'H', 'panel']);
  const { x, states, Whh, T, B, H, panel } = made.parameters;
  const [t, n, after] = made.locals('i32', 3);
  const row = bytesOf(H.get);
  made.body = [
    n.set(i32.mul(B.get, H.get)),
    countDown(t, T, [
      after.set(i32.add(states.get, bytesOf(n.get))),
      call(matmul, states.get, row, i32.const(4), Whh.get, after.get, B.get, H.get, H.get, panel.get),
      call(next, x.get, after.get, after.get, n.get),
      states.set(after.get),
      increase(x, bytesOf(n.get)),
    ]),
  ];
  return made;
}

function backward(matmul: number, next: number): WasmFunction {
  const made = new WasmFunction('backward', ['states', 'wanted', 'WhhT', 'out', 'T', 'B', 'H', 'panel']);
  const { states, wanted, WhhT, out, T, B, H, panel } = made.parameters;
  const [t, n, before] = made.locals('i32', 3);
  const row = bytesOf(H.get);
  const back = i32.sub(i32.const(0), bytesOf(n.get));
  const one = call(next, out.get, wanted.get, states.get, out.get, n.get);
  made.body = [
    n.set(i32.mul(B.get, H.get)),
    one,
    increase(T, i32.const(-1)),
    countDown(t, T, [
      before.set(i32.add(out.get, back)),
      call(matmul, out.get, row, i32.const(4), WhhT.get, before.get, B.get, H.get, H.get, panel.get),
      out.set(before.get),
      increase(wanted, back),
      increase(states, back),
      one,
    ]),
  ];
  return made;
}
