import type { Candidate } from '../backends/preference.js';
import { formatCount } from '../cli/display/format.js';
import type { WindowSize } from '../model/parameters.js';
import type { Finding } from './measure.js';
import { BENCH_VOCABULARY, type Contestant } from './request.js';

/** A finding with a time. */
export type Measured = Extract<Finding, { msPerStep: number }>;

/** The measured ones, the fastest first. */
export function ranked(findings: readonly Finding[]): Measured[] {
  const measured = findings.filter((finding): finding is Measured => 'msPerStep' in finding);
  return measured.sort((a, b) => a.msPerStep - b.msPerStep);
}

/**
 * The contestants whose place in the ranking is not known, for want of time: `pure` prepares nothing, so that its first
 * step tells how slow it is.
 */
export function unplaced(findings: readonly Finding[]): Contestant[] {
  const open = findings.filter(
    (finding) =>
      'notLoadedAfterSeconds' in finding ||
      (finding.contestant.backend !== 'pure' &&
        ('firstStepOverSeconds' in finding || ('msPerStep' in finding && finding.firstStepOnly))),
  );
  return open.map(({ contestant }) => contestant);
}

/** The ranking as `--backend auto` follows it: each backend once, with its device; `pure`, which runs anywhere, at least at the end. */
export function candidatesIn(ranking: readonly Measured[]): Candidate[] {
  const measured = ranking.map(({ contestant: { backend, device } }) => ({
    backend,
    ...(device !== undefined && { device }),
  }));
  const all: Candidate[] = [...measured, { backend: 'pure' }];
  return all.filter(
    (candidate, i) => i === all.findIndex((c) => c.backend === candidate.backend && c.device === candidate.device),
  );
}

/** Characters that a backend trains on in a second. */
export function charactersPerSecond({ msPerStep }: Measured, { batchSize, seqLength }: WindowSize): number {
  return (1000 * batchSize * seqLength) / msPerStep;
}

/** The findings as lines: the ranking with ms/step, chars/s and times the time of the best, then who is missing and why. */
export function benchLines(size: WindowSize, findings: readonly Finding[]): string[] {
  const ranking = ranked(findings);
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
