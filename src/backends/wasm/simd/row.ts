import { type Code, type Local, WasmFunction } from './assembler.js';
import {
  bytesOf,
  call,
  countDown,
  countUp,
  f32x4,
  fillZeros,
  i32,
  increase,
  type Load,
  repeatWhile,
  type Store,
  v128,
  when,
} from './instructions.js';

/** Bytes of b from which its rows are read in the order of memory, some at a time: strips would wait for the memory. */
const LARGE = 2 ** 19;
const ROWS = 4;

/** Most registers of sums of a strip; fewer than 8 wait for each other. */
const WIDEST = 9;
/**
 * row(a, aStep, b, out, N, K): one row of a product, out (N) = a (K) · b (K, N), float32; sums run over k in order. From
 * one value of a to the next it is `aStep` bytes. Before it a function for strips of each width, after it the same for a
 * packed b.
 *
 * V8 puts each addition right behind the load of what is added, so that as many sums as registers are possible, only in
 * a loop that is in no other, too long to be unrolled, and may be passed over for all that V8 knows. So strips have
 * functions of their own, and k counts down from a parameter.
 * @param first the place of the first of these functions in the module.
 */
export function row(first: number): WasmFunction[] {
  const widths = Array.from({ length: WIDEST }, (_, i) => i + 1);
  return [
    ...widths.map((width) => strip(width)),
    single(),
    spread(ROWS),
    spread(1),
    whole(first),
    packedRow(first),
    pack(),
  ];
}

/** strip(a, aStep, b, rowBytes, out, K): columns of the row, `width` registers of four; `rowBytes` is a row of b. */
function strip(width: number): WasmFunction {
  return columns(`strip${width}`, width, v128.load, v128.store);
}

/** The same for one column. */
function single(): WasmFunction {
  return columns('single', 1, v128.loadSplat, v128.storeFirst);
}

function columns(name: string, width: number, load: Load, store: Store): WasmFunction {
  const made = new WasmFunction(name, ['a', 'aStep', 'b', 'rowBytes', 'out', 'K']);
  const { a, aStep, b, rowBytes, out, K } = made.parameters;
  const [k, aAt, bAt] = made.locals('i32', 3);
  const sums = made.locals('v128', width);
  const factor = made.local('v128');
  const add = (sum: Local, i: number) => sum.set(f32x4.multiplyAdd(factor.get, load(bAt.get, 16 * i), sum.get));
  made.body = [
    [aAt.set(a.get), bAt.set(b.get), k.set(K.get)],
    sums.map((sum) => sum.set(f32x4.const(0))),
    repeatWhile(k.get, [
      factor.set(v128.loadSplat(aAt.get)),
      sums.map(add),
      [increase(aAt, aStep.get), increase(bAt, rowBytes.get), increase(k, i32.const(-1))],
    ]),
    sums.map((sum, i) => store(out.get, sum.get, 16 * i)),
  ];
  return made;
}

/** spread(a, aStep, b, rowBytes, out, N): adds to out (N) the products of `rows` values of a with as many rows of b. */
function spread(rows: number): WasmFunction {
  const made = new WasmFunction(`spread${rows}`, ['a', 'aStep', 'b', 'rowBytes', 'out', 'N']);
  const { a, aStep, b, rowBytes, out, N } = made.parameters;
  const n = made.local('i32');
  const at = made.locals('i32', rows);
  const factors = made.locals('v128', rows);
  const sum = made.local('v128');
  const turn = (count: number, vectors: number, load: Load, store: Store): Code => [
    Array.from({ length: vectors }, (_, v) => [
      sum.set(load(out.get, 16 * v)),
      factors.map((factor, r) => sum.set(f32x4.multiplyAdd(factor.get, load(at[r].get, 16 * v), sum.get))),
      store(out.get, sum.get, 16 * v),
    ]),
    [...at, out].map((address) => increase(address, i32.const(4 * count))),
  ];
  made.body = [
    factors.map((factor, r) => [
      factor.set(v128.loadSplat(i32.add(a.get, i32.mul(aStep.get, i32.const(r))))),
      at[r].set(i32.add(b.get, i32.mul(rowBytes.get, i32.const(r)))),
    ]),
    countUp(n, N, 16, turn(16, 4, v128.load, v128.store)),
    countUp(n, N, 1, turn(1, 1, v128.loadSplat, v128.storeFirst)),
  ];
  return made;
}

/** All columns: of a large b row by row, else in strips. */
function whole(first: number): WasmFunction {
  const made = new WasmFunction('row', ['a', 'aStep', 'b', 'out', 'N', 'K']);
  const { a, aStep, b, out, N, K } = made.parameters;
  const [rowBytes, k] = made.locals('i32', 2);
  const spreadRows = (rows: number, place: number) =>
    countUp(k, K, rows, [
      call(first + place, a.get, aStep.get, b.get, rowBytes.get, out.get, N.get),
      increase(a, i32.mul(aStep.get, i32.const(rows))),
      increase(b, i32.mul(rowBytes.get, i32.const(rows))),
    ]);
  made.body = [
    rowBytes.set(bytesOf(N.get)),
    when(i32.lessOrEqual(i32.const(LARGE), i32.mul(rowBytes.get, K.get)), [
      fillZeros(out.get, rowBytes.get),
      spreadRows(ROWS, WIDEST + 1),
      spreadRows(1, WIDEST + 2),
      // No columns are left.
      N.set(i32.const(0)),
    ]),
    inStrips(made, N, (place, n) => {
      const from = (matrix: Local) => i32.add(matrix.get, bytesOf(n.get));
      return call(first + place, a.get, aStep.get, from(b), rowBytes.get, from(out), K.get);
    }),
  ];
  return made;
}

/**
 * packedRow(a, aStep, packed, out, N, K, back): `row` with a b that `pack` has packed. `back` 1 takes the strips from the
 * last one to the first. Row after row with the same b, in turns 0 and 1, begins with what was read last: of a b that is
 * larger than one of the processor's caches, much is still in it.
 */
function packedRow(first: number): WasmFunction {
  const made = new WasmFunction('packedRow', ['a', 'aStep', 'packed', 'out', 'N', 'K', 'back']);
  const { a, aStep, packed, out, N, K, back } = made.parameters;
  const column = (place: number, n: Local) => {
    const from = i32.add(packed.get, bytesOf(i32.mul(n.get, K.get)));
    const rowBytes = i32.const(place < WIDEST ? 16 * (place + 1) : 4);
    return call(first + place, a.get, aStep.get, from, rowBytes, i32.add(out.get, bytesOf(n.get)), K.get);
  };
  made.body = inStrips(made, N, column, back);
  return made;
}

/** pack(b, packed, N, K): the strips of b (K, N) one after another, so that a product reads memory in order. */
function pack(): WasmFunction {
  const made = new WasmFunction('pack', ['b', 'packed', 'N', 'K']);
  const { b, packed, N, K } = made.parameters;
  const [k, from] = made.locals('i32', 2);
  made.body = inStrips(made, N, (place, n) => {
    const vectors = Array.from({ length: Math.min(place, WIDEST - 1) + 1 }, (_, v) => v);
    const copy =
      place < WIDEST
        ? vectors.map((v) => v128.store(packed.get, v128.load(from.get, 16 * v), 16 * v))
        : v128.storeFirst(packed.get, v128.loadSplat(from.get));
    return [
      from.set(i32.add(b.get, bytesOf(n.get))),
      countDown(k, K, [
        copy,
        increase(from, bytesOf(N.get)),
        increase(packed, i32.const(place < WIDEST ? 16 * (place + 1) : 4)),
      ]),
    ];
  });
  return made;
}

/**
 * Goes through N columns in strips that are about equally wide; then one by one through those that fill no register.
 * @param work on the columns from n on; @param work.place that of the function for them, from the first of a module.
 * @param back whether through the same strips from the last one to the first.
 */
function inStrips(within: WasmFunction, N: Local, work: (place: number, n: Local) => Code, back?: Local): Code {
  const [count, left, index, narrow, wider, width, n] = within.locals('i32', 7);
  const vectors = i32.shiftRight(N.get, i32.const(2));
  const inFours = i32.and(N.get, i32.const(-4));
  const ifBack = (body: Code) => (back ? when(back.get, body) : []);
  return [
    count.set(i32.divide(i32.add(vectors, i32.const(WIDEST - 1)), i32.const(WIDEST))),
    // The first `wider` strips have one register more than the others.
    when(count.get, [
      narrow.set(i32.divide(vectors, count.get)),
      wider.set(i32.sub(vectors, i32.mul(narrow.get, count.get))),
    ]),
    n.set(i32.const(0)),
    ifBack(n.set(inFours)),
    countDown(left, count, [
      index.set(i32.sub(count.get, left.get)),
      ifBack(index.set(i32.sub(left.get, i32.const(1)))),
      width.set(i32.add(narrow.get, i32.less(index.get, wider.get))),
      ifBack(increase(n, i32.mul(width.get, i32.const(-4)))),
      Array.from({ length: WIDEST }, (_, i) => when(i32.equal(width.get, i32.const(i + 1)), work(i, n))),
      increase(n, i32.shl(width.get, i32.const(2))),
      ifBack(increase(n, i32.mul(width.get, i32.const(-4)))),
    ]),
    n.set(inFours),
    countUp(n, N, 1, work(WIDEST, n)),
  ];
}
