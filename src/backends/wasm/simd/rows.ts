import { WasmFunction } from './assembler.js';
import { bytesOf, call, countDown, i32, increase, when } from './instructions.js';
import { loopFunction } from './loop.js';

/**
 * Work on the rows of matrices, N values each:
 * addToRows(x, y, out, M, N): each of the M rows of out is that of x, plus y (N);
 * pickRows(x, places, out, M, N): row m of out is row places[m] of x, any values of 32 bits;
 * sumRows(x, places, out, M, N, S): row m of x is added to row places[m] of out, if that is one of its S rows.
 * @param first the place in the module of the first of these functions.
 */
export function rows(first: number): WasmFunction[] {
  const add = { op: { name: 'Add' }, operands: [0, 1] } as const;
  return [
    loopFunction('add', { vectors: 2, scalars: 0, operations: [add], results: [2] }),
    loopFunction('copyRow', { vectors: 1, scalars: 0, operations: [], results: [0] }),
    addToRows(first),
    pickRows(first + 1),
    sumRows(first),
  ];
}

function addToRows(add: number): WasmFunction {
  const made = new WasmFunction('addToRows', ['x', 'y', 'out', 'M', 'N']);
  const { x, y, out, M, N } = made.parameters;
  const m = made.local('i32');
  const row = bytesOf(N.get);
  made.body = countDown(m, M, [
    call(add, x.get, y.get, out.get, N.get),
    [x, out].map((address) => increase(address, row)),
  ]);
  return made;
}

function pickRows(copyRow: number): WasmFunction {
  const made = new WasmFunction('pickRows', ['x', 'places', 'out', 'M', 'N']);
  const { x, places, out, M, N } = made.parameters;
  const m = made.local('i32');
  const row = bytesOf(N.get);
  made.body = countDown(m, M, [
    call(copyRow, i32.add(x.get, i32.mul(i32.load(places.get), row)), out.get, N.get),
    increase(places, i32.const(4)),
    increase(out, row),
  ]);
  return made;
}

function sumRows(add: number): WasmFunction {
  const made = new WasmFunction('sumRows', ['x', 'places', 'out', 'M', 'N', 'S']);
  const { x, places, out, M, N, S } = made.parameters;
  const [m, sum] = made.locals('i32', 2);
  const row = bytesOf(N.get);
  made.body = countDown(m, M, [
    when(i32.less(i32.load(places.get), S.get), [
      sum.set(i32.add(out.get, i32.mul(i32.load(places.get), row))),
      call(add, sum.get, x.get, sum.get, N.get),
    ]),
    increase(places, i32.const(4)),
    increase(x, row),
  ]);
  return made;
}
