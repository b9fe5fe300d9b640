import { type Code, type Local, WasmFunction } from './assembler.js';
import { bytesOf, countUp, i32, increase, v128 } from './instructions.js';

/** transpose(x, out, M, N): out (N, M) = xᵀ with x (M, N), values of 32 bits, in blocks of 4 by 4. */
export function transpose(): WasmFunction {
  const made = new WasmFunction('transpose', ['x', 'out', 'M', 'N']);
  const { x, out, M, N } = made.parameters;
  const [m, n, from, to] = made.locals('i32', 4);
  const rows = made.locals('v128', 4);
  const pairs = made.locals('v128', 4);
  const start = [
    from.set(i32.add(x.get, bytesOf(i32.add(i32.mul(m.get, N.get), n.get)))),
    to.set(i32.add(out.get, bytesOf(i32.add(i32.mul(n.get, M.get), m.get)))),
  ];
  const one = [v128.storeFirst(to.get, v128.loadSplat(from.get)), increase(from, bytesOf(N.get))];
  const next = increase(to, i32.const(4));
  const column = [start, one, next, one, next, one, next, one];
  const block = [
    start,
    rows.map((row) => [row.set(v128.load(from.get)), increase(from, bytesOf(N.get))]),
    setPairs(rows, pairs),
    columnsOf(pairs).map((each) => [v128.store(to.get, each), increase(to, bytesOf(M.get))]),
  ];
  const firstColumn = n.set(i32.const(0));
  made.body = [
    countUp(m, M, 4, [firstColumn, countUp(n, N, 4, block), countUp(n, N, 1, column)]),
    countUp(m, M, 1, [firstColumn, countUp(n, N, 1, [start, one])]),
  ];
  return made;
}

/** From four rows of four: the first halves of a and b value by value, of c and d, then their second halves. */
function setPairs([a, b, c, d]: readonly Local[], [ab, cd, abEnd, cdEnd]: readonly Local[]): Code {
  const firstHalves = [0, 4, 1, 5];
  const secondHalves = [2, 6, 3, 7];
  return [
    ab.set(v128.shuffle(a.get, b.get, firstHalves)),
    cd.set(v128.shuffle(c.get, d.get, firstHalves)),
    abEnd.set(v128.shuffle(a.get, b.get, secondHalves)),
    cdEnd.set(v128.shuffle(c.get, d.get, secondHalves)),
  ];
}

/** The four columns, from the pairs. */
function columnsOf([ab, cd, abEnd, cdEnd]: readonly Local[]): Code[] {
  const firsts = [0, 1, 4, 5];
  const lasts = [2, 3, 6, 7];
  return [
    v128.shuffle(ab.get, cd.get, firsts),
    v128.shuffle(ab.get, cd.get, lasts),
    v128.shuffle(abEnd.get, cdEnd.get, firsts),
    v128.shuffle(abEnd.get, cdEnd.get, lasts),
  ];
}
