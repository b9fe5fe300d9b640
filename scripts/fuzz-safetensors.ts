/**
 * Damages safetensors files at random and reads them: `tsx scripts/fuzz-safetensors.ts [--runs 100000] [--seed N]`.
 * Prints one line; exit code 1 when the decoder did anything but read the file or refuse it with one line.
 */
import fc from 'fast-check';
import { parseArgs } from 'node:util';
import { damagedFile, outcomeOf } from '../test/checkpoint/safetensors-arbitrary.js';

const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const runs = countFrom('runs', flags.runs);
const seed = flags.seed === undefined ? Date.now() % 2 ** 31 : countFrom('seed', flags.seed);

const counts = { read: 0, refused: 0 };
const started = performance.now();
const result = fc.check(
  fc.property(damagedFile, (bytes) => {
    counts[outcomeOf(bytes)]++;
  }),
  { numRuns: runs, seed },
);
const seconds = ((performance.now() - started) / 1000).toFixed(1);

if (result.failed) {
  const [bytes] = result.counterexample ?? [];
  const hex = Buffer.from(bytes ?? []).toString('hex');
  console.error(`fuzz-safetensors: FAILED with --seed ${seed} after ${result.numRuns} files, smallest file ${hex}`);
  console.error(result.errorInstance);
  process.exitCode = 1;
} else {
  console.log(
    `fuzz-safetensors: ${runs} files, ${counts.read} read, ${counts.refused} refused, --seed ${seed}, ${seconds} s`,
  );
}

function countFrom(flag: string, given: string): number {
  const count = Number(given);
  if (!/^\d+$/.test(given) || count > 2 ** 31)
    throw new RangeError(`--${flag} must be a whole number; found: ${given}`);
  return count;
}
