/** Cells that the table cuts [0, 1] into. */
const CELLS = 8192;

/** Cells at either end where the function bends more than a line through the cell may. */
const TAIL = 400;

const exact = (u: number) => -Math.log(-Math.log(u));

const TABLE = Float64Array.from({ length: CELLS + 1 }, (_, i) => exact(i / CELLS));

/**
 * The standard Gumbel distribution's quantile function, -log(-log u), within 1e-6: between the ends by straight lines,
 * because for the logarithms alone a small model would wait longer than for its own products.
 * @param u from [0, 1); of 0, minus infinity.
 */
export function gumbelQuantile(u: number): number {
  const at = u * CELLS;
  const cell = at | 0;
  if (cell < TAIL || cell >= CELLS - TAIL) return exact(u);
  return TABLE[cell] + (at - cell) * (TABLE[cell + 1] - TABLE[cell]);
}
