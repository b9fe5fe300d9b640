import { benchBackends, type BenchResult, rememberBench } from '../../bench/bench.js';
import { charactersPerSecond } from '../../bench/ranking.js';
import { UserError } from '../../errors.js';
import { autoLine, benchLines } from '../display/bench-lines.js';

/**
 * `doctor --bench`: measures every backend at a size (by default that of `train`), prints the ranking, and keeps it for
 * `--backend auto`.
 * @throws UserError where nothing could be measured.
 */
export async function runBench(
  size: Parameters<typeof benchBackends>[0],
  json: boolean,
  out: NodeJS.WritableStream,
  parts: Parameters<typeof benchBackends>[1] = {},
): Promise<void> {
  const result = await benchBackends(size, parts);
  out.write(json ? `${JSON.stringify(asJson(result), null, 2)}\n` : `${benchLines(result).join('\n')}\n`);
  if (result.ranking.length === 0)
    throw new UserError(
      'a backend must end a step in time, but none did; try a smaller size, or when the machine is less busy',
    );
  rememberBench(result);
  if (!json) out.write(`${autoLine(result)}\n`);
}

function asJson({ size, ranking, findings }: BenchResult): object {
  const rows = findings.map(({ contestant, ...found }) => ({
    ...contestant,
    ...found,
    ...('msPerStep' in found && { charactersPerSecond: charactersPerSecond({ contestant, ...found }, size) }),
  }));
  return { ...size, ranking: ranking.map(({ contestant }) => contestant.name), findings: rows };
}
