import { type Code, type Local, WasmFunction } from './assembler.js';
import { bytesOf, countDown, f32x4, i32, i32x4, increase, inFours, v128 } from './instructions.js';

/** From here down, e^x is less than the smallest normal float32. */
const LEAST = -87.3;

/** Added to a small number and taken away again, it leaves the nearest integer, which is in the lowest bits in between. */
const ROUNDING = 1.5 * 2 ** 23;

/** ln 2 in two parts, the first of few bits: multiples of it are exact. */
const LN2 = [0.693359375, -2.12194440054691e-4] as const;

/** e^r = 1 + r + r² (c₀ + c₁ r + ...) for |r| up to half of ln 2 (Cephes, expf; Moshier 1992). */
const COEFFICIENTS = [
  5.0000001201e-1, 1.6666665459e-1, 4.1665795894e-2, 8.3334519073e-3, 1.3981999507e-3, 1.9875691500e-4,
]; // prettier-ignore

/**
 * softmax(logits, targets, picked, out, N, V): p = softmax of each row of logits (N, V); picked (N) is p[target], and out
 * (N, V) is p with 1 taken from p[target]. Targets must be places in a row.
 */
export function softmax(): WasmFunction {
  const made = new WasmFunction('softmax', ['logits', 'targets', 'picked', 'out', 'N', 'V']);
  const { logits, targets, picked, out, N, V } = made.parameters;
  const [n, v, from, to] = made.locals('i32', 4);
  const [largest, value, sum] = made.locals('v128', 3);
  /** Goes through a row: `to` is where the value is read and written, `from` where its logit is. */
  const through = (turn: Parameters<typeof inFours>[3]) => [
    [from.set(logits.get), to.set(out.get)],
    inFours(v, V, [from, to], turn),
  ];
  const weights = exponentials(made, through, largest, from, to);
  const target = i32.add(out.get, bytesOf(i32.load(targets.get)));
  made.body = countDown(n, N, [
    largest.set(f32x4.const(-Infinity)),
    through((load) => largest.set(f32x4.max(largest.get, load(from.get)))),
    weights.code,
    sum.set(f32x4.div(f32x4.const(1), weights.total.get)),
    through((load, store) => store(to.get, f32x4.mul(load(to.get), sum.get))),
    to.set(target),
    value.set(v128.loadSplat(to.get)),
    v128.storeFirst(picked.get, value.get),
    v128.storeFirst(to.get, f32x4.sub(value.get, f32x4.const(1))),
    [logits, out].map((address) => increase(address, bytesOf(V.get))),
    [targets, picked].map((address) => increase(address, i32.const(4))),
  ]);
  return made;
}

/** Goes through a row by fours, as `inFours`. */
type Through = (turn: Parameters<typeof inFours>[3]) => Code;

/**
 * Sets the values at `to` to e^(x - max x) of the x at `from`, and the places of `total` to their sum.
 * @param through takes `from` and `to` along a row; @param largest has the row's largest x in one of its places.
 */
export function exponentials(
  within: WasmFunction,
  through: Through,
  largest: Local,
  from: Local,
  to: Local,
): { readonly code: Code; readonly total: Local } {
  const [value, total, rest] = within.locals('v128', 3);
  const exp = exponential(within);
  const code = [
    acrossPlaces(largest, f32x4.max),
    [total, rest].map((each) => each.set(f32x4.const(0))),
    through((load, store, count) => {
      const sum = count === 4 ? total : rest;
      return [
        exp(value, f32x4.sub(load(from.get), largest.get)),
        store(to.get, value.get),
        sum.set(f32x4.add(sum.get, value.get)),
      ];
    }),
    acrossPlaces(total, f32x4.add),
    total.set(f32x4.add(total.get, rest.get)),
  ];
  return { code, total };
}

/** Combines the four places of a register, in each of them. */
function acrossPlaces(register: Local, combine: (a: Code, b: Code) => Code): Code {
  const swapped = (places: readonly number[]) => v128.shuffle(register.get, register.get, places);
  return [[2, 3, 0, 1], [1, 0, 3, 2]].map((places) => register.set(combine(register.get, swapped(places)))); // prettier-ignore
}

/** Sets a register to e^x, x at most 0; below `LEAST` as there. */
function exponential(within: WasmFunction): (out: Local, x: Code) => Code {
  const [x, r, rounded] = within.locals('v128', 3);
  return (out, given) => [
    x.set(f32x4.max(given, f32x4.const(LEAST))),
    rounded.set(f32x4.multiplyAdd(x.get, f32x4.const(Math.LOG2E), f32x4.const(ROUNDING))),
    r.set(f32x4.sub(rounded.get, f32x4.const(ROUNDING))),
    x.set(f32x4.multiplyAdd(r.get, f32x4.const(-LN2[0]), x.get)),
    r.set(f32x4.multiplyAdd(r.get, f32x4.const(-LN2[1]), x.get)),
    out.set(
      COEFFICIENTS.map((coefficient) => f32x4.const(coefficient)).reduceRight((sum, coefficient) =>
        f32x4.multiplyAdd(r.get, sum, coefficient),
      ),
    ),
    out.set(f32x4.multiplyAdd(out.get, f32x4.mul(r.get, r.get), f32x4.add(r.get, f32x4.const(1)))),
    // 2ⁿ: n + 127 is the exponent's place of a float32.
    out.set(f32x4.mul(out.get, i32x4.shiftLeft(i32x4.add(rounded.get, i32x4.const(127)), 23))),
  ];
}
