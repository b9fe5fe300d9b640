import { availableParallelism } from 'node:os';
import { rememberRanking } from '../backends/measured.js';
import { SPECIFICATION } from '../options/presets.js';
import type { WindowSize } from '../model/parameters.js';
import { BACKENDS } from '../model/trainable-model.js';
import { cacheRoot } from '../system/cache-root.js';
import { gpuStatus } from '../native/status.js';
import { UserError } from '../errors.js';
import { type BenchParts, measure } from './measure.js';
import { benchLines, candidatesIn, charactersPerSecond, ranked, unplaced } from './report.js';
import type { Contestant } from './request.js';

/**
 * Everyone that can be measured on this machine; those that cannot run here say so when they are started. In an order
 * that serves the clock: what those who load fast leave of the time goes to the others, and to the slow at the end.
 */
export function contestants(threads = availableParallelism()): Contestant[] {
  const tensorflow = 'tensorflow';
  const cuda = gpuStatus().kind === 'ready';
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

/**
 * `doctor --bench`: measures every backend at a size (by default that of `train`), prints the ranking, and keeps it for
 * `--backend auto`.
 * @throws UserError where nothing could be measured.
 */
export async function runBench(
  given: Partial<WindowSize>,
  json: boolean,
  out: NodeJS.WritableStream,
  { among = contestants(), ...parts }: BenchParts & { among?: readonly Contestant[] } = {},
): Promise<void> {
  const { batchSize, hiddenSize, seqLength } = { ...SPECIFICATION, ...given };
  const size = { batchSize, hiddenSize, seqLength };
  const findings = await measure(size, among, parts);
  const ranking = ranked(findings);
  if (json) {
    const rows = findings.map(({ contestant, ...found }) => ({
      ...contestant,
      ...found,
      ...('msPerStep' in found && { charactersPerSecond: charactersPerSecond({ contestant, ...found }, size) }),
    }));
    out.write(
      `${JSON.stringify({ ...size, ranking: ranking.map(({ contestant }) => contestant.name), findings: rows }, null, 2)}\n`,
    );
  } else {
    out.write(`${benchLines(size, findings).join('\n')}\n`);
  }
  if (ranking.length === 0)
    throw new UserError(
      'a backend must end a step in time, but none did; try a smaller size, or when the machine is less busy',
    );
  const open = unplaced(findings);
  if (open.length === 0) rememberRanking(cacheRoot(), size, candidatesIn(ranking));
  if (!json) out.write(`${outcome(ranking[0].contestant, open)}\n`);
}

function outcome({ backend, device }: Contestant, open: readonly Contestant[]): string {
  const best = device === undefined || device === 'cpu' ? backend : `${backend} on ${device}`;
  const names = open.map(({ name }) => name).join('; ');
  return open.length === 0
    ? `--backend auto takes ${best} for this size from now on.`
    : `--backend auto goes on as before, as there was no time to measure: ${names}.`;
}
