import { WasmFunction } from './assembler.js';
import { bytesOf, call, countDown, f32x4, i32, increase, inFours, repeatWhile, v128 } from './instructions.js';
import { exponentials } from './softmax.js';

/**
 * generate(inputs, Whh, Why, by, draws, states, symbols, logits, N, V, H): from h_0 and symbol_0, the first of `states`
 * (N + 1, H) and `symbols` (N + 1), the others: h_n = tanh(inputs[symbol_{n-1}] + h_{n-1} Whh), symbol_n drawn from
 * softmax(h_n Why + by). Whh and Why are packed, `logits` is room for V values.
 * @param packedRow the place in the module of the product of one row, see `row.ts`;
 * @param next that of out = tanh(x + y), see `recurrence.ts`; @param first the place of the first of these functions.
 */
export function generation(packedRow: number, next: number, first: number): WasmFunction[] {
  return [pick(), generate(packedRow, next, first)];
}

/**
 * pick(x, y, draw, out, n): out is the first place at which the sum of softmax(x + y) exceeds the draw, the last one where
 * none does, int32. Writes over x.
 */
function pick(): WasmFunction {
  const made = new WasmFunction('pick', ['x', 'y', 'draw', 'out', 'n']);
  const { x, y, draw, out, n } = made.parameters;
  const [i, from, to] = made.locals('i32', 3);
  const [largest, value, sum, least] = made.locals('v128', 4);
  const through = (turn: Parameters<typeof inFours>[3]) => [
    [from.set(y.get), to.set(x.get)],
    inFours(i, n, [from, to], turn),
  ];
  const weights = exponentials(made, through, largest, to, to);
  made.body = [
    largest.set(f32x4.const(-Infinity)),
    through((load, store) => [
      value.set(f32x4.add(load(to.get), load(from.get))),
      largest.set(f32x4.max(largest.get, value.get)),
      store(to.get, value.get),
    ]),
    weights.code,
    // What the sum must exceed.
    least.set(f32x4.mul(weights.total.get, v128.loadSplat(draw.get))),
    [i.set(i32.const(0)), to.set(x.get)],
    sum.set(v128.loadSplat(to.get)),
    repeatWhile(
      i32.and(i32.less(i32.add(i.get, i32.const(1)), n.get), v128.anyTrue(f32x4.lessOrEqual(sum.get, least.get))),
      [[increase(i, i32.const(1)), increase(to, i32.const(4))], sum.set(f32x4.add(sum.get, v128.loadSplat(to.get)))],
    ),
    i32.store(out.get, i.get),
  ];
  return made;
}

function generate(packedRow: number, next: number, first: number): WasmFunction {
  const names = ['inputs', 'Whh', 'Why', 'by', 'draws', 'states', 'symbols', 'logits', 'N', 'V', 'H'] as const;
  const made = new WasmFunction('generate', names);
  const { inputs, Whh, Why, by, draws, states, symbols, logits, N, V, H } = made.parameters;
  const [n, after, size] = made.locals('i32', 3);
  const step = i32.const(4);
  const isBack = i32.and(n.get, i32.const(1));
  const input = i32.add(inputs.get, i32.mul(i32.load(symbols.get), size.get));
  made.body = [
    size.set(bytesOf(H.get)),
    countDown(n, N, [
      after.set(i32.add(states.get, size.get)),
      call(packedRow, states.get, step, Whh.get, after.get, H.get, H.get, isBack),
      call(next, input, after.get, after.get, H.get),
      call(packedRow, after.get, step, Why.get, logits.get, V.get, H.get, isBack),
      increase(symbols, step),
      call(first, logits.get, by.get, draws.get, symbols.get, V.get),
      states.set(after.get),
      increase(draws, step),
    ]),
  ];
  return made;
}
