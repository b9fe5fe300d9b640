/** A row of cells, the first a name; or something that could not be measured, with the reason. */
export type TableRow = readonly string[] | { readonly name: string; readonly absent: string };

/** Rows under a head, as long as it. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Names stand at the left, numbers at the right. */
const LEFT_COLUMNS = 1;

/** A table as aligned text for a terminal. */
export function textTable({ title, head, rows }: Table): string {
  const cells = rows.map(cellsOf);
  const widths = head.map((_, c) => Math.max(...[head, ...cells].map((row) => row[c]?.length ?? 0)));
  const align = (cell: string, c: number) => (c < LEFT_COLUMNS ? cell.padEnd(widths[c]) : cell.padStart(widths[c]));
  const lines = [head, ...cells].map((row) => row.map(align).join('  '));
  const reasons = ['', ...rows.map((row) => ('absent' in row ? `  absent: ${row.absent}` : ''))];
  return [title, ...lines.map((line, i) => (line + reasons[i]).trimEnd())].join('\n');
}

function cellsOf(row: TableRow): readonly string[] {
  return 'absent' in row ? [row.name] : row;
}

/** A table as Markdown, with its title as a bold line above. */
export function markdownTable({ title, head, rows }: Table): string {
  const rule = head.map((_, c) => (c < LEFT_COLUMNS ? '---' : '---:'));
  const filled = rows.map((row) => ('absent' in row ? [row.name, `absent: ${row.absent}`] : row));
  const body = filled.map((row) => head.map((_, c) => escapeCell(row[c] ?? '')));
  const lines = [head.map(escapeCell), rule, ...body].map((row) => `| ${row.join(' | ')} |`);
  return [`**${title}**`, '', ...lines].join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

/** Three digits that count, never in powers of ten: 1,235, 12.3 or 0.00123. */
export function digits(value: number): string {
  return value >= 100 ? grouped(value) : value.toPrecision(3);
}

/** A whole number with commas: 1,234,567. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A part of one in per cent: 12.3 %. */
export function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
