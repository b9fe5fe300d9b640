import type { Code, Local, WasmFunction } from './assembler.js';
import { f32x4 } from './instructions.js';

/** From here on, tanh is 1 in float32. */
const LARGEST = 9.1;

/** tanh x to 1.5e-7, float32: tanh 2y = 2 t / (1 + t²) with t = tanh y. @param within whose locals it may add to. */
export function tanhOf(x: Local, within: WasmFunction): Code {
  const [half, square, t] = within.locals('v128', 3);
  return [
    tanhOfHalf(x, half, square, t),
    f32x4.div(f32x4.add(t.get, t.get), f32x4.multiplyAdd(t.get, t.get, f32x4.const(1))),
  ];
}

/** t = tanh(x / 2) by Lambert's continued fraction, cut off at its seventh step. */
function tanhOfHalf(x: Local, half: Local, square: Local, t: Local): Code {
  const within = f32x4.max(f32x4.min(x.get, f32x4.const(LARGEST)), f32x4.const(-LARGEST));
  return [
    half.set(f32x4.mul(within, f32x4.const(0.5))),
    square.set(f32x4.mul(half.get, half.get)),
    t.set(
      f32x4.div(
        f32x4.mul(half.get, polynomial(square, [135135, 17325, 378, 1])),
        polynomial(square, [135135, 62370, 3150, 28]),
      ),
    ),
  ];
}

/** c₀ + c₁ x + c₂ x² + ..., by Horner's rule. */
function polynomial(x: Local, coefficients: readonly number[]): Code {
  return coefficients
    .map((coefficient) => f32x4.const(coefficient))
    .reduceRight((sum, coefficient) => f32x4.multiplyAdd(x.get, sum, coefficient));
}

/** 1 / sqrt x, float32. */
export function rsqrtOf(x: Local): Code {
  return f32x4.div(f32x4.const(1), f32x4.sqrt(x.get));
}
