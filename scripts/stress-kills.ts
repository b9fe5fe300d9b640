/**
 * Kills training runs with SIGKILL at random moments, many of them in the middle of a save, and resumes from what is
 * left: `tsx scripts/stress-kills.ts [--kills 100]`. Prints one line a kill and a closing one; exit code 1 when a
 * checkpoint did not load, more steps were lost than lie between two saves, or a leftover stayed behind.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EVERY, killOften } from './stress/kills.js';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' } } });
const kills = Number(values.kills);
if (!Number.isSafeInteger(kills) || kills < 1) throw new Error(`--kills must be a whole number, got '${values.kills}'`);

const folder = mkdtempSync(join(tmpdir(), 'stress-kills-'));
try {
  const outcome = await killOften(kills, folder, console.log);
  const { duringSave, swept, unswept, mostLost, step } = outcome;
  console.log(
    `${kills} kills, ${duringSave} in the middle of a save, up to step ${step}: every checkpoint loaded, ` +
      `at most ${mostLost} of ${EVERY} steps lost, ${swept} leftovers removed by the next run, ${unswept} left`,
  );
  if (mostLost > EVERY || unswept > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
