import type { BenchResult } from '../../bench/bench.js';
import type { Finding } from '../../bench/measure.js';
import { charactersPerSecond } from '../../bench/ranking.js';
import { BENCH_VOCABULARY } from '../../bench/request.js';
import { formatCount } from '../../format/numbers.js';

/** What was measured, as lines: the ranking with ms/step, chars/s and times the time of the best, then who is missing and why. */
export function benchLines({ size, ranking, findings }: Omit<BenchResult, 'unplaced'>): string[] {
  const { batchSize, hiddenSize, seqLength } = size;
  const best = ranking[0]?.msPerStep ?? NaN;
  const rows = ranking.map((row, i) => [
    `${i + 1}.`,
    row.firstStepOnly ? `${row.contestant.name}, first step only` : row.contestant.name,
    digits(row.msPerStep),
    formatCount(charactersPerSecond(row, size)),
    `${(row.msPerStep / best).toFixed(2)}x`,
  ]);
  return [
    `Training at B=${batchSize} H=${hiddenSize} T=${seqLength} on random symbols (V=${BENCH_VOCABULARY}), a process each, ` +
      'medians of interleaved rounds:',
    ...(rows.length > 0 ? aligned([['', '', 'ms/step', 'chars/s', 'of the best time'], ...rows]) : []),
    ...findings.flatMap((finding) => missingLine(finding)),
  ];
}

/** What `--backend auto` makes of the ranking, in one line. */
export function autoLine({ ranking, unplaced }: Pick<BenchResult, 'ranking' | 'unplaced'>): string {
  if (unplaced.length > 0) {
    const names = unplaced.map(({ name }) => name).join('; ');
    return `--backend auto stays as it was, because there was no time to measure: ${names}.`;
  }
  const { backend, device } = ranking[0].contestant;
  const best = device === undefined || device === 'cpu' ? backend : `${backend} on ${device}`;
  return `--backend auto takes ${best} for this size from now on.`;
}

function missingLine(finding: Finding): string[] {
  const { name } = finding.contestant;
  if ('absent' in finding) return [`  -  ${name}: ${finding.absent}`];
  if ('msPerStep' in finding) return [];
  if ('notLoadedAfterSeconds' in finding) {
    return [`  -  ${name}: not loaded after ${finding.notLoadedAfterSeconds.toFixed(1)} s; is the machine busy?`];
  }
  const seconds = finding.firstStepOverSeconds.toFixed(1);
  return [`  -  ${name}: its first step alone, with what that prepares once, took more than ${seconds} s; left out`];
}

const NAME = 1;

function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    `  ${row.map((cell, c) => (c <= NAME ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ')}`.trimEnd(),
  );
}

function digits(value: number): string {
  return value >= 100 ? formatCount(value) : value.toPrecision(3);
}
