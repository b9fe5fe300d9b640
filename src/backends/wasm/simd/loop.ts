import { type Code, type Local, WasmFunction } from './assembler.js';
import { rsqrtOf, tanhOf } from './elementwise.js';
import { countUp, f32x4, i32, increase, type Load, type Store, v128 } from './instructions.js';

/** An operation on single values, named as tfjs names its kernel where it has one. */
export type ElementwiseOp =
  | { readonly name: 'Add' | 'Sub' | 'Multiply' | 'Maximum' | 'Square' | 'Rsqrt' | 'Tanh' }
  /** 1 - x², the slope of tanh where it is x. */
  | { readonly name: 'TanhSlope' }
  | { readonly name: 'ClipByValue'; readonly min: number; readonly max: number };

/**
 * Operations done one after another on the i-th value of each vector, for all i. Values are numbered: first the
 * vectors, then the scalars, then the result of each operation.
 */
export interface Loop {
  readonly vectors: number;
  readonly scalars: number;
  readonly operations: readonly { readonly op: ElementwiseOp; readonly operands: readonly number[] }[];
  /** The values that are kept. */
  readonly results: readonly number[];
}

/**
 * A loop as a function (vectors ..., scalars ..., results ..., n) of addresses and the number of values, eight values a
 * turn, four at a time. Results must not overlap with vectors, unless they lie in the same place.
 */
export function loopFunction(name: string, loop: Loop): WasmFunction {
  const names = (kind: string, count: number) => Array.from({ length: count }, (_, i) => `${kind}${i}`);
  const [vectors, scalars] = [names('vector', loop.vectors), names('scalar', loop.scalars)];
  const results = names('result', loop.results.length);
  const made = new WasmFunction(name, [...vectors, ...scalars, ...results, 'n']);
  const at = made.parameters;
  const i = made.local('i32');
  const values = made.locals('v128', loop.vectors + loop.scalars + loop.operations.length);
  const moving = [...vectors, ...results].map((each) => at[each]);
  const once = (offset: number, load: Load, store: Store): Code => [
    vectors.map((vector, v) => values[v].set(load(at[vector].get, offset))),
    loop.operations.map(({ op, operands }, o) =>
      values[loop.vectors + loop.scalars + o].set(
        operation(
          op,
          operands.map((operand) => values[operand]),
          made,
        ),
      ),
    ),
    results.map((result, r) => store(at[result].get, values[loop.results[r]].get, offset)),
  ];
  const move = (count: number) => moving.map((address) => increase(address, i32.const(4 * count)));
  made.body = [
    scalars.map((scalar, s) => values[loop.vectors + s].set(v128.loadSplat(at[scalar].get))),
    countUp(i, at.n, 8, [[0, 16].map((offset) => once(offset, v128.load, v128.store)), move(8)]),
    countUp(i, at.n, 4, [once(0, v128.load, v128.store), move(4)]),
    countUp(i, at.n, 1, [once(0, v128.loadSplat, v128.storeFirst), move(1)]),
  ];
  return made;
}

/** An expression of the operation's value; operands are left as they are. */
function operation(op: ElementwiseOp, [a, b]: readonly Local[], within: WasmFunction): Code {
  switch (op.name) {
    case 'Add':
      return f32x4.add(a.get, b.get);
    case 'Sub':
      return f32x4.sub(a.get, b.get);
    case 'Multiply':
      return f32x4.mul(a.get, b.get);
    case 'Maximum':
      return f32x4.max(a.get, b.get);
    case 'Square':
      return f32x4.mul(a.get, a.get);
    case 'Rsqrt':
      return rsqrtOf(a);
    case 'Tanh':
      return tanhOf(a, within);
    case 'TanhSlope':
      return f32x4.sub(f32x4.const(1), f32x4.mul(a.get, a.get));
    case 'ClipByValue':
      return f32x4.min(f32x4.max(a.get, f32x4.const(op.min)), f32x4.const(op.max));
  }
}
