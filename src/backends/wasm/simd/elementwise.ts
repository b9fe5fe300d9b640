import { type Code, type Local, WasmFunction } from './assembler.js';
import { countUp, f32x4, i32, increase, v128 } from './instructions.js';

/** tanh(x, out, n): out[i] = tanh(x[i]) to 1.5e-7, float32. */
export function tanh(): WasmFunction {
  return elementwise('tanh', (x, temporary) => {
    const [square, t] = [temporary(), temporary()];
    return [tanhOfHalf(x, square, t), doubleAngle(t)];
  });
}

/** From here on, tanh is 1 in float32. */
const LARGEST = 9.1;

/** t = tanh(x / 2) by Lambert's continued fraction, cut off at its seventh step. */
function tanhOfHalf(x: Local, square: Local, t: Local): Code {
  const within = f32x4.max(f32x4.min(x.get, f32x4.const(LARGEST)), f32x4.const(-LARGEST));
  return [
    x.set(f32x4.mul(within, f32x4.const(0.5))),
    square.set(f32x4.mul(x.get, x.get)),
    t.set(
      f32x4.div(
        f32x4.mul(x.get, polynomial(square, [135135, 17325, 378, 1])),
        polynomial(square, [135135, 62370, 3150, 28]),
      ),
    ),
  ];
}

/** tanh 2y = 2 t / (1 + t²) with t = tanh y */
function doubleAngle(t: Local): Code {
  return f32x4.div(f32x4.add(t.get, t.get), f32x4.add(f32x4.const(1), f32x4.mul(t.get, t.get)));
}

/** c₀ + c₁ x + c₂ x² + ..., by Horner's rule. */
function polynomial(x: Local, coefficients: readonly number[]): Code {
  return coefficients
    .map((coefficient) => f32x4.const(coefficient))
    .reduceRight((sum, coefficient) => f32x4.add(coefficient, f32x4.mul(x.get, sum)));
}

/** rsqrt(x, out, n): out[i] = 1 / sqrt(x[i]), float32. */
export function rsqrt(): WasmFunction {
  return elementwise('rsqrt', (x) => f32x4.div(f32x4.const(1), f32x4.sqrt(x.get)));
}

/**
 * A function (x, out, n) that applies `code` to each of n values, four at a time.
 * @param code an expression in x, which it may change; `temporary` makes room for values in between.
 */
function elementwise(name: string, code: (x: Local, temporary: () => Local) => Code): WasmFunction {
  const made = new WasmFunction(name, ['x', 'out', 'n']);
  const { x: from, out: to, n } = made.parameters;
  const [i, x] = [made.local('i32'), made.local('v128')];
  const result = code(x, () => made.local('v128'));
  const next = (values: number) => [increase(from, i32.const(4 * values)), increase(to, i32.const(4 * values))];
  made.body = [
    countUp(i, n, 4, [x.set(v128.load(from.get)), v128.store(to.get, result), next(4)]),
    countUp(i, n, 1, [x.set(v128.loadSplat(from.get)), v128.storeFirst(to.get, result), next(1)]),
  ];
  return made;
}
