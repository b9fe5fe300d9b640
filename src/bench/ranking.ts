import type { Candidate } from '../backends/choose.js';
import type { Finding } from './measure.js';
import type { Contestant, Size } from './request.js';
import { charactersPerStep } from './statistics.js';

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
export function charactersPerSecond({ msPerStep }: Measured, size: Size): number {
  return (1000 * charactersPerStep(size)) / msPerStep;
}
