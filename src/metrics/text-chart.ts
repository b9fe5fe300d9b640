import { isFinitePoint, type Point, rangeOf } from './line-chart.js';

/** A braille character is a cell of 2 x 4 dots. */
const CELL = { width: 2, height: 4 } as const;
/** The bit of each dot of a cell, by row and column; U+2800 is the cell without dots. */
const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const EMPTY_CELL = 0x2800;
/** Rows from one y label to the next. */
const LABEL_EVERY = 3;

type Range = ReturnType<typeof rangeOf>;

/**
 * A curve through the points as text for a terminal, drawn in braille dots: two by four a character.
 * Points come in the order of x; those that are not finite are left out.
 *
 * @param size columns and rows of the whole text, labels and axis included; at least 24 x 6 are used
 * @returns lines without trailing spaces, none wider than `size.width`; one line that says so when there is no point
 */
export function textChart(points: readonly Point[], size: { width: number; height: number }): string {
  const drawn = points.filter(isFinitePoint);
  if (drawn.length === 0) return 'nothing to draw yet';
  const rows = Math.max(size.height, 6) - 2;
  const [xs, ys] = [rangeOf(drawn.map(({ x }) => x)), rangeOf(drawn.map(({ y }) => y))];
  const labels = yLabels(ys, rows);
  const margin = Math.max(...labels.map(({ length }) => length));
  const columns = Math.max(size.width, 24) - margin - 2;
  const cells = draw(drawn, { xs, ys, columns, rows });
  const body = cells.map((line, row) => `${(labels[row] ?? '').padStart(margin)} ${labels[row] ? '┤' : '│'}${line}`);
  return [...body, `${' '.repeat(margin + 1)}└${'─'.repeat(columns)}`, ' '.repeat(margin + 2) + xLabels(drawn, columns)]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A label for some rows, the top and bottom ones among them, with as many decimals as keep them apart. */
function yLabels({ low, high }: Range, rows: number): string[] {
  const step = (high - low) / (rows - 1);
  const decimals = Math.min(Math.max(1 - Math.floor(Math.log10(step * LABEL_EVERY)), 0), 20);
  const gaps = Math.max(Math.round((rows - 1) / LABEL_EVERY), 1);
  const labelled = new Set(Array.from({ length: gaps + 1 }, (_, index) => Math.round((index * (rows - 1)) / gaps)));
  return Array.from({ length: rows }, (_, row) => (labelled.has(row) ? (high - row * step).toFixed(decimals) : ''));
}

function xLabels(points: readonly Point[], columns: number): string {
  const [first = '', last = ''] = [points.at(0), points.at(-1)].map((point) => point?.x.toLocaleString('en-US'));
  if (first === last) return first.padStart(Math.floor((columns + first.length) / 2));
  return first + last.padStart(columns - first.length);
}

interface Canvas {
  xs: Range;
  ys: Range;
  columns: number;
  rows: number;
}

function draw(points: readonly Point[], { xs, ys, columns, rows }: Canvas): string[] {
  const cells = Array.from({ length: rows }, () => new Array<number>(columns).fill(EMPTY_CELL));
  const toDots = ({ x, y }: Point): Point => ({
    x: ((x - xs.low) / (xs.high - xs.low)) * (columns * CELL.width - 1),
    y: ((ys.high - y) / (ys.high - ys.low)) * (rows * CELL.height - 1),
  });
  const dots = points.map(toDots);
  dots.forEach((dot, index) => {
    for (const { x, y } of between(dots[index - 1] ?? dot, dot)) mark(cells, Math.round(x), Math.round(y));
  });
  // A space for a cell without dots: some fonts draw U+2800 as eight hollow ones.
  return cells.map((row) => String.fromCodePoint(...row.map((cell) => (cell === EMPTY_CELL ? 0x20 : cell))));
}

/** Places on the straight line from one dot to another, both included, no more than a dot apart. */
function between(from: Point, to: Point): Point[] {
  const steps = Math.max(Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))), 1);
  const along = (part: number) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
  return Array.from({ length: steps + 1 }, (_, step) => along(step / steps));
}

function mark(cells: number[][], x: number, y: number): void {
  const row = cells[Math.floor(y / CELL.height)];
  const column = Math.floor(x / CELL.width);
  const bit = DOT_BITS[y % CELL.height]?.[x % CELL.width];
  if (row?.[column] !== undefined && bit !== undefined) row[column] |= bit;
}
