import type { RatedProblem, RatedRow } from './results.js';

const LEFT_COLUMNS = 1;

/** A problem's rows as cells: contestant, ms/step, chars/s, GFLOP/s, ratio to the reference, spread of ms/step. */
function cells(problem: RatedProblem, reference: string): string[][] {
  const head = ['', 'ms/step', 'chars/s', 'GFLOP/s', `vs ${reference}`, 'min..max ms'];
  return [head, ...problem.rows.map((row) => ('absent' in row ? [row.contestant] : measuredCells(row)))];
}

function measuredCells(row: RatedRow): string[] {
  const { contestant, details, msPerStep, charsPerSecond, gflopPerSecond, ratio } = row;
  const threads = details.threads === undefined ? '' : ` (threads: ${details.threads})`;
  return [
    contestant + threads,
    digits(msPerStep.median),
    Math.round(charsPerSecond).toLocaleString('en-US'),
    digits(gflopPerSecond),
    ratio === undefined ? '-' : `${digits(ratio)}x`,
    `${digits(msPerStep.min)}..${digits(msPerStep.max)}`,
  ];
}

/** Three significant digits, never in powers of ten. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}

/** One problem as aligned text for a terminal; an absent contestant is named with its reason. */
export function textTable(problem: RatedProblem, reference: string): string {
  const rows = cells(problem, reference);
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  const align = (cell: string, c: number) =>
    c < LEFT_COLUMNS ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0);
  const lines = rows.map((row, i) => row.map(align).join('  ') + absence(problem, i, '  '));
  return [problem.title, ...lines.map((line) => line.trimEnd())].join('\n');
}

/** One problem as a Markdown table, with its title as a bold line above. */
export function markdownTable(problem: RatedProblem, reference: string): string {
  const rows = cells(problem, reference);
  const columns = rows[0]?.length ?? 0;
  const rule = ['---', ...Array.from({ length: columns - LEFT_COLUMNS }, () => '---:')];
  const lines = rows.map((row, i) => {
    const absent = absence(problem, i, '');
    const filled = absent ? [...row, absent] : row;
    return [...filled, ...Array.from({ length: columns - filled.length }, () => '')].map(escapeCell);
  });
  const table = [lines[0] ?? [], rule, ...lines.slice(1)].map((row) => `| ${row.join(' | ')} |`);
  return [`**${problem.title}**`, '', ...table].join('\n');
}

function absence(problem: RatedProblem, tableRow: number, before: string): string {
  const row = problem.rows[tableRow - 1];
  return row && 'absent' in row ? `${before}absent: ${row.absent}` : '';
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
