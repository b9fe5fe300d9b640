import { availableParallelism } from 'node:os';
import { rememberRanking } from '../backends/measured.js';
import { cacheRoot } from '../system/cache-root.js';
import { nativeStatus } from '../native/status.js';
import { type BenchParts, type Finding, measure } from './measure.js';
import { candidatesIn, type Measured, ranked, unplaced } from './ranking.js';
import type { Contestant, Size } from './request.js';
import { SPECIFICATION } from '../options/train-options.js';
import { BACKENDS } from '../options/choices.js';

/**
 * All that can be measured on this machine; those that cannot run here say so when they are started. In an order
 * that serves the clock: what those who load fast leave of the time goes to the others, and to the slow at the end.
 */
export function contestants(threads = availableParallelism()): Contestant[] {
  const tensorflow = 'tensorflow';
  const cuda = nativeStatus('gpu').kind === 'ready';
  const others = BACKENDS.filter((backend) => ![tensorflow, 'wasm', 'pure'].includes(backend));
  return [
    { name: 'wasm', backend: 'wasm' },
    { name: threads > 1 ? 'tensorflow, 1 thread' : tensorflow, backend: tensorflow, threads: 1 },
    ...(threads > 1 ? [{ name: `tensorflow, ${threads} threads`, backend: tensorflow, threads } as const] : []),
    ...(cuda ? [{ name: 'tensorflow, GPU (CUDA)', backend: tensorflow, device: 'gpu' } as const] : []),
    ...others.map((backend) => ({ name: backend, backend })),
    { name: 'pure', backend: 'pure' },
  ];
}

/** What `doctor --bench` has found at a size. */
export interface BenchResult {
  readonly size: Size;
  /** In the order of the contestants. */
  readonly findings: readonly Finding[];
  /** The measured ones, the fastest first. */
  readonly ranking: readonly Measured[];
  /** Those whose place in the ranking is not known, for want of time. */
  readonly unplaced: readonly Contestant[];
}

/** Measures every backend at a size, by default that of `train`. */
export async function benchBackends(
  given: Partial<Size>,
  { among = contestants(), ...parts }: BenchParts & { among?: readonly Contestant[] } = {},
): Promise<BenchResult> {
  const { batchSize, hiddenSize, seqLength } = { ...SPECIFICATION, ...given };
  const size = { batchSize, hiddenSize, seqLength };
  const findings = await measure(size, among, parts);
  return { size, findings, ranking: ranked(findings), unplaced: unplaced(findings) };
}

/** Keeps a ranking in which everybody's place is known, for `--backend auto`; any other is of no use. */
export function rememberBench({ size, ranking, unplaced }: BenchResult): void {
  if (ranking.length > 0 && unplaced.length === 0) rememberRanking(cacheRoot(), size, candidatesIn(ranking));
}
