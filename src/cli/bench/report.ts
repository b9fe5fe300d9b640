import type { Candidate } from '../../backends/preference.js';
import { formatCount } from '../format.js';
import type { Finding } from './measure.js';
import { BENCH_VOCABULARY, type BenchSize } from './request.js';

/** A finding with a time. */
export type Measured = Extract<Finding, { msPerStep: number }>;

/** The measured ones, the fastest first. */
export function ranked(findings: readonly Finding[]): Measured[] {
  const measured = findings.filter((finding): finding is Measured => 'msPerStep' in finding);
  return measured.sort((a, b) => a.msPerStep - b.msPerStep);
}

/** The ranking as `--backend auto` follows it: each backend once, with its device. */
export function candidatesIn(ranking: readonly Measured[]): Candidate[] {
  const all = ranking.map(({ contestant: { backend, device } }) => ({
    backend,
    ...(device !== undefined && { device }),
  }));
  return all.filter(
    (candidate, i) => i === all.findIndex((c) => c.backend === candidate.backend && c.device === candidate.device),
  );
}

/** Characters that a backend trains on in a second. */
export function charactersPerSecond({ msPerStep }: Measured, { batchSize, seqLength }: BenchSize): number {
  return (1000 * batchSize * seqLength) / msPerStep;
}

/** The findings as lines: the ranking with ms/step, chars/s and times the time of the best, then who is missing and why. */
export function benchLines(size: BenchSize, findings: readonly Finding[]): string[] {
  const ranking = ranked(findings);
  const { batchSize, hiddenSize, seqLength } = size;
  const best = ranking[0]?.msPerStep ?? NaN;
  const rows = ranking.map((row, i) => [
    `${i + 1}.`,
    row.contestant.name,
    digits(row.msPerStep),
    formatCount(charactersPerSecond(row, size)),
    `${(row.msPerStep / best).toFixed(2)}x`,
  ]);
  return [
    `Training at B=${batchSize} H=${hiddenSize} T=${seqLength} on random symbols (V=${BENCH_VOCABULARY}), a process each, ` +
      'medians of interleaved rounds:',
    ...aligned([['', '', 'ms/step', 'chars/s', 'of the best time'], ...rows]),
    ...findings.flatMap((finding) => missingLine(finding)),
  ];
}

function missingLine(finding: Finding): string[] {
  const { name } = finding.contestant;
  if ('absent' in finding) return [`  -  ${name}: ${finding.absent}`];
  if ('msPerStep' in finding) return [];
  if ('notLoadedAfterSeconds' in finding) {
    return [`  -  ${name}: not loaded after ${finding.notLoadedAfterSeconds.toFixed(1)} s; is the machine busy?`];
  }
  return [`  -  ${name}: more than ${formatCount(finding.slowerThanMs)} ms/step, and so not waited for`];
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
