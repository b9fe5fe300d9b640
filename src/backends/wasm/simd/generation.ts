import { WasmFunction } from './assembler.js';
import { bytesOf, call, countDown, countUp, f32x4, i32, increase, v128, when } from './instructions.js';

/**
 * generate(inputs, Whh, Why, biases, states, symbols, logits, N, V, H): from h_0 and symbol_0, the first of `states`
 * (N + 1, H) and `symbols` (N + 1), the others: h_n = tanh(inputs[symbol_{n-1}] + h_{n-1} Whh), symbol_n the place of the
 * largest value of h_n Why + biases_n. `logits` is room for V values.
 * @param row the place in the module of the product of one row, see `row.ts`; @param next that of out = tanh(x + y), see
 * `recurrence.ts`; @param first the place of the first of these functions.
 */
export function generation(row: number, next: number, first: number): WasmFunction[] {
  return [pick(), generate(row, next, first)];
}

/** pick(x, y, out, n): out is the place of the largest value of x + y, the first one of several, int32. */
function pick(): WasmFunction {
  const made = new WasmFunction('pick', ['x', 'y', 'out', 'n']);
  const { x, y, out, n } = made.parameters;
  const i = made.local('i32');
  const [largest, value] = made.locals('v128', 2);
  made.body = [
    largest.set(f32x4.const(-Infinity)),
    i32.store(out.get, i32.const(0)),
    countUp(i, n, 1, [
      value.set(f32x4.add(v128.loadSplat(x.get), v128.loadSplat(y.get))),
      when(v128.anyTrue(f32x4.greater(value.get, largest.get)), [largest.set(value.get), i32.store(out.get, i.get)]),
      [x, y].map((address) => increase(address, i32.const(4))),
    ]),
  ];
  return made;
}

function generate(row: number, next: number, first: number): WasmFunction {
  const names = ['inputs', 'Whh', 'Why', 'biases', 'states', 'symbols', 'logits', 'N', 'V', 'H'] as const;
  const made = new WasmFunction('generate', names);
  const { inputs, Whh, Why, biases, states, symbols, logits, N, V, H } = made.parameters;
  const [n, after, size] = made.locals('i32', 3);
  const step = i32.const(4);
  const isBack = i32.and(n.get, i32.const(1));
  const input = i32.add(inputs.get, i32.mul(i32.load(symbols.get), size.get));
  made.body = [
    size.set(bytesOf(H.get)),
    countDown(n, N, [
      after.set(i32.add(states.get, size.get)),
      call(row, states.get, step, Whh.get, after.get, H.get, H.get, isBack),
      call(next, input, after.get, after.get, H.get),
      call(row, after.get, step, Why.get, logits.get, V.get, H.get, isBack),
      increase(symbols, step),
      call(first, logits.get, biases.get, symbols.get, V.get),
      states.set(after.get),
      increase(biases, bytesOf(V.get)),
    ]),
  ];
  return made;
}
