import type { RatedProblem, RatedRow } from '../rating.js';
import { digits, grouped, percent, type Table } from '../table.js';

/**
 * A training problem's rows: ms/step, chars/s, GFLOP/s, ratio to the reference, spread of ms/step.
 * @param peak GFLOP/s to compare with; without it that column is left out.
 */
export function problemTable({ title, rows }: RatedProblem, reference: string, peak?: number): Table {
  const ofPeak = peak === undefined ? [] : ['of GEMM peak'];
  return {
    title,
    head: ['', 'ms/step', 'chars/s', 'GFLOP/s', ...ofPeak, `vs ${reference}`, 'min..max ms'],
    rows: rows.map((row) =>
      'absent' in row ? { name: row.contestant, absent: row.absent } : measuredCells(row, peak),
    ),
  };
}

function measuredCells(row: RatedRow, peak: number | undefined): string[] {
  const { msPerStep, charsPerSecond, gflopPerSecond, ratio } = row;
  return [
    nameWithThreads(row),
    digits(msPerStep.median),
    grouped(charsPerSecond),
    digits(gflopPerSecond),
    ...(peak === undefined ? [] : [percent(gflopPerSecond / peak)]),
    ratio === undefined ? '-' : `${digits(ratio)}x`,
    `${digits(msPerStep.min)}..${digits(msPerStep.max)}`,
  ];
}

/** The contestant, with its number of threads where it has chosen one. */
export function nameWithThreads({ contestant, details: { threads } }: RatedRow): string {
  return Number(threads) > 0 ? `${contestant} (threads: ${threads})` : contestant;
}
