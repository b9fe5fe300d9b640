import { type Code, type Local, WasmFunction } from './assembler.js';
import { bytesOf, call, countDown, countUp, f32x4, i32, increase, v128, when } from './instructions.js';

// A tile's sums, a column of a and a row of b must fit 15 registers: V8 loads all of the latter two before it adds. Fewer
// than 8 sums wait for each other, so that a tile of one takes as long.

/** Rows and columns of the tiles that most of out is computed in. */
const ROWS = 4;
const WIDTH = 8;
/** Columns that are left of whole tiles: narrower strips, in as many rows at a time as fit. */
const NARROW_WIDTHS = [4, 1];
const NARROW_ROWS = [7, 4, 2, 1];

/**
 * matmul(a, aRow, aStep, b, out, M, N, K, panel): out (M, N) = a (M, K) · b (K, N), float32, row by row; sums run over k
 * in order. From one row of a to the next it is `aRow` bytes, from one value in it to the next `aStep`: 4 K and 4, for a
 * transpose 4 and 4 M, and 0 where one value stands for all.
 * Each strip of b is first copied to `panel` (room for 8 K values), where its rows lie together, unless `panel` is 0:
 * worth it for many rows of a. @param row the place in the module of the function for a row alone, see `row.ts`.
 */
export function matmul(row: number): WasmFunction {
  return new MatmulWriter(row).write();
}

class MatmulWriter {
  readonly #function = new WasmFunction('matmul', ['a', 'aRow', 'aStep', 'b', 'out', 'M', 'N', 'K', 'panel']);
  readonly #given = this.#function.parameters;
  readonly #int = () => this.#function.local('i32');
  /** Bytes of a row of b and out. */
  readonly #rowBytes = this.#int();
  /** Stays 0, and the rows that make whole tiles. */
  readonly #zero = this.#int();
  readonly #tall = this.#int();
  /** Where the tile begins, and what is left of k. */
  readonly #m = this.#int();
  readonly #n = this.#int();
  readonly #k = this.#int();
  /** The strip of b that is in use, and the bytes from one of its rows to the next. */
  readonly #strip = this.#int();
  readonly #stripBytes = this.#int();
  readonly #bAt = this.#int();
  readonly #outAt = this.#int();
  readonly #aAt = this.#function.locals('i32', NARROW_ROWS[0]);
  readonly #a = this.#function.local('v128');
  readonly #b = this.#function.locals('v128', WIDTH / 4);
  readonly #sums = this.#function.locals('v128', (ROWS * WIDTH) / 4);

  constructor(private readonly row: number) {}

  write(): WasmFunction {
    const { N, M, panel } = this.#given;
    this.#function.body = [
      this.#rowBytes.set(bytesOf(N.get)),
      this.#tall.set(i32.and(M.get, i32.const(-ROWS))),
      this.#strips([WIDTH], this.#zero, this.#tall, [ROWS], when(panel.get, this.#copyStrip(WIDTH))),
      this.#strips(NARROW_WIDTHS, this.#zero, this.#tall, NARROW_ROWS),
      // Rows that are left of whole tiles, or are all there is.
      this.#m.set(this.#tall.get),
      countUp(this.#m, M, 1, this.#row()),
    ];
    return this.#function;
  }

  /** Tiles of the rows from `first` to `end`, in all strips of the widths that still fit; @param prepare a strip first. */
  #strips(widths: readonly number[], first: Local, end: Local, heights: readonly number[], prepare: Code = []): Code {
    const strip = (width: number) => [
      this.#strip.set(i32.add(this.#given.b.get, bytesOf(this.#n.get))),
      this.#stripBytes.set(this.#rowBytes.get),
      prepare,
      this.#m.set(first.get),
      heights.map((rows) => countUp(this.#m, end, rows, this.#tile(rows, width))),
    ];
    const strips = widths.map((width) => countUp(this.#n, this.#given.N, width, strip(width)));
    return when(i32.sub(end.get, first.get), strips);
  }

  #row(): Code {
    const { a, aRow, aStep, b, out, N, K } = this.#given;
    const from = i32.add(a.get, i32.mul(this.#m.get, aRow.get));
    const to = i32.add(out.get, i32.mul(this.#m.get, this.#rowBytes.get));
    return call(this.row, from, aStep.get, b.get, to, N.get, K.get);
  }

  #copyStrip(width: number): Code {
    const { K, panel } = this.#given;
    const [from, to] = [this.#bAt, this.#outAt];
    const copyRow = vectorsOf(width).map((v) => store(width, to.get, load(width, from.get, v), v));
    return [
      from.set(this.#strip.get),
      to.set(panel.get),
      countDown(this.#k, K, [copyRow, increase(from, this.#rowBytes.get), increase(to, i32.const(4 * width))]),
      this.#strip.set(panel.get),
      this.#stripBytes.set(i32.const(4 * width)),
    ];
  }

  /** `rows` by `width` values of out, from (m, n) on. */
  #tile(rows: number, width: number): Code {
    const { a, aRow, out, K } = this.#given;
    const vectors = vectorsOf(width);
    const aAt = this.#aAt.slice(0, rows);
    const sums = aAt.map((_, r) => this.#sums.slice(r * vectors.length, (r + 1) * vectors.length));
    const row = i32.add(out.get, i32.mul(this.#m.get, this.#rowBytes.get));
    return [
      this.#bAt.set(this.#strip.get),
      aAt[0].set(i32.add(a.get, i32.mul(this.#m.get, aRow.get))),
      aAt.slice(1).map((at, r) => at.set(i32.add(aAt[r].get, aRow.get))),
      sums.map((sum) => vectors.map((v) => sum[v].set(f32x4.const(0)))),
      countDown(this.#k, K, this.#addProducts(aAt, sums, width)),
      this.#outAt.set(i32.add(row, bytesOf(this.#n.get))),
      sums.map((sum) => [
        vectors.map((v) => store(width, this.#outAt.get, sum[v].get, v)),
        increase(this.#outAt, this.#rowBytes.get),
      ]),
    ];
  }

  /** Adds column k of a times row k of b to the sums, and moves on to the next k. */
  #addProducts(aAt: readonly Local[], sums: readonly Local[][], width: number): Code {
    const vectors = vectorsOf(width);
    return [
      vectors.map((v) => this.#b[v].set(load(width, this.#bAt.get, v))),
      aAt.map((at, r) => [
        this.#a.set(v128.loadSplat(at.get)),
        vectors.map((v) => sums[r][v].set(f32x4.multiplyAdd(this.#a.get, this.#b[v].get, sums[r][v].get))),
        increase(at, this.#given.aStep.get),
      ]),
      increase(this.#bAt, this.#stripBytes.get),
    ];
  }
}

/** The indices of the registers that hold a row of a strip. */
function vectorsOf(width: number): number[] {
  return Array.from({ length: Math.ceil(width / 4) }, (_, v) => v);
}

/** The v-th register of a row; a strip of one column uses the first value of a register alone. */
function load(width: number, address: Code, v: number): Code {
  return width === 1 ? v128.loadSplat(address) : v128.load(address, 16 * v);
}

function store(width: number, address: Code, value: Code, v: number): Code {
  return width === 1 ? v128.storeFirst(address, value) : v128.store(address, value, 16 * v);
}
