import { type Code, type Local, signed, unsigned } from './assembler.js';
import { RELAXED_MADD } from './relaxed.js';

const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];
const binary = (opcode: Code) => (a: Code, b: Code) => [a, b, opcode];
/** Alignment as a power of two, and what is added to the address. */
const memory = (alignment: number, offset: number): Code => [alignment, unsigned(offset)];

/** Integers and addresses, compared without a sign. */
export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: binary([0x6a]),
  sub: binary([0x6b]),
  mul: binary([0x6c]),
  divide: binary([0x6e]),
  and: binary([0x71]),
  shl: binary([0x74]),
  shiftRight: binary([0x76]),
  equal: binary([0x46]),
  less: binary([0x49]),
  lessOrEqual: binary([0x4d]),
  load: (address: Code): Code => [address, 0x28, memory(2, 0)],
  store: (address: Code, value: Code): Code => [address, value, 0x36, memory(2, 0)],
};

/** Four float32 in one register; all but `multiplyAdd` round as IEEE 754 says. */
export const f32x4 = {
  add: binary(simd(0xe4)),
  sub: binary(simd(0xe5)),
  mul: binary(simd(0xe6)),
  div: binary(simd(0xe7)),
  /** The smaller one; a where they are equal or one is NaN. WebAssembly's pmin: its min takes seven instructions. */
  min: binary(simd(0xea)),
  /** The larger one, in the same way. */
  max: binary(simd(0xeb)),
  sqrt: (x: Code): Code => [x, simd(0xe3)],
  /** Whether a is larger, as all bits of each place. */
  greater: binary(simd(0x44)),
  /** Whether a is at most b, in the same way. */
  lessOrEqual: binary(simd(0x45)),
  /** a b + c; relaxed, whether the product is rounded first is up to the processor. */
  multiplyAdd: (a: Code, b: Code, c: Code): Code => ({
    relaxed: [a, b, c, RELAXED_MADD],
    plain: [a, b, simd(0xe6), c, simd(0xe4)],
  }),
  /** The same value four times. */
  const: (value: number): Code => [simd(0x0c), ...new Uint8Array(new Float32Array(4).fill(value).buffer)],
};

/** Four integers in one register. */
export const i32x4 = {
  add: binary(simd(0xae)),
  shiftLeft: (x: Code, places: number): Code => [x, i32.const(places), simd(0xab)],
  const: (value: number): Code => [simd(0x0c), ...new Uint8Array(new Int32Array(4).fill(value).buffer)],
};

/** Reads a register from an address plus an offset; writes one there. */
export type Load = (address: Code, offset?: number) => Code;
export type Store = (address: Code, value: Code, offset?: number) => Code;

/** Four values of 32 bits between memory and registers; addresses need no alignment. */
export const v128 = {
  load: (address: Code, offset = 0): Code => [address, simd(0x00), memory(2, offset)],
  /** Loads one value into all four places. */
  loadSplat: (address: Code): Code => [address, simd(0x09), memory(2, 0)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, simd(0x0b), memory(2, offset)],
  /** Stores the first of the four values. */
  storeFirst: (address: Code, value: Code): Code => [address, value, simd(0x5a), memory(2, 0), 0],
  /** 1 if any bit is set. */
  anyTrue: (x: Code): Code => [x, simd(0x53)],
  /** Picks four of the eight values of a and b: 0 to 3 are a's, 4 to 7 are b's. */
  shuffle: (a: Code, b: Code, picked: readonly number[]): Code => [
    [a, b, simd(0x0d)],
    picked.map((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte)),
  ],
};

/** Sets bytes to 0. */
export function fillZeros(address: Code, bytes: Code): Code {
  return [address, i32.const(0), bytes, 0xfc, 0x0b, 0x00];
}

/** Copies bytes, which may overlap. */
export function copyBytes(from: Code, to: Code, bytes: Code): Code {
  return [to, from, bytes, 0xfc, 0x0a, 0x00, 0x00];
}

const CALL = 0x10;
const IF = 0x04;
const LOOP = 0x03;
const BRANCH_IF = 0x0d;
const NO_RESULT = 0x40;
const END = 0x0b;

/** Calls a function of the same module. @param place in the module. */
export function call(place: number, ...parameters: readonly Code[]): Code {
  return [parameters, CALL, unsigned(place)];
}

/** Runs `body` if `condition` is not 0. */
export function when(condition: Code, body: Code): Code {
  return [condition, IF, NO_RESULT, body, END];
}

/** Runs `body` as long as `condition` is not 0, which is looked at before each turn. */
export function repeatWhile(condition: Code, body: Code): Code {
  return when(condition, [LOOP, NO_RESULT, body, condition, BRANCH_IF, 0, END]);
}

/** local += value */
export function increase(local: Local, value: Code): Code {
  return local.set(i32.add(local.get, value));
}

/** Runs `body` with `local` going up in steps of `step` as long as a whole step fits below `end`. */
export function countUp(local: Local, end: Local, step: number, body: Code): Code {
  const fits = i32.lessOrEqual(i32.add(local.get, i32.const(step)), end.get);
  return repeatWhile(fits, [body, increase(local, i32.const(step))]);
}

/** Runs `body` as many times as `count` says, with `local` going down to 0. */
export function countDown(local: Local, count: Local, body: Code): Code {
  return [local.set(count.get), repeatWhile(local.get, [body, increase(local, i32.const(-1))])];
}

/**
 * Does `turn` with n values, four at a time and then one by one those that are left. @param addresses that go along;
 * @param turn.count how many values of a register count.
 */
export function inFours(
  i: Local,
  n: Local,
  addresses: readonly Local[],
  turn: (load: Load, store: Store, count: 1 | 4) => Code,
): Code {
  const moving = (count: 1 | 4) => addresses.map((address) => increase(address, i32.const(4 * count)));
  return [
    i.set(i32.const(0)),
    countUp(i, n, 4, [turn(v128.load, v128.store, 4), moving(4)]),
    countUp(i, n, 1, [turn(v128.loadSplat, v128.storeFirst, 1), moving(1)]),
  ];
}

/** The bytes of `count` float32. */
export function bytesOf(count: Code): Code {
  return i32.shl(count, i32.const(2));
}
