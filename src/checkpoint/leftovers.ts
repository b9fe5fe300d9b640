import { closeSync, lstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realDestination, TEMPORARY_ENDING } from './atomic-write.js';
import { CHECKPOINT_START } from './checkpoint.js';

/**
 * Removes the temporary files that killed processes left beside a checkpoint. To be called by the run that has locked it:
 * then nobody else writes there. Only what has the name of such a file, is a plain file and begins as a checkpoint does
 * (or was cut off before it could) is taken for one.
 * @returns the names of the files removed.
 */
export function sweepLeftovers(path: string): string[] {
  const target = realDestination(path);
  const folder = dirname(target);
  const prefix = basename(target);
  const isLeftover = (name: string) =>
    name.startsWith(prefix) && TEMPORARY_ENDING.test(name.slice(prefix.length)) && beginsAsOurs(join(folder, name));
  const leftovers = readdirSync(folder).filter(isLeftover);
  leftovers.forEach((name) => rmSync(join(folder, name), { force: true }));
  return leftovers;
}

/** After eight bytes with a length, which no two checkpoints need to share. */
function beginsAsOurs(path: string): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(CHECKPOINT_START.length);
    const length = readSync(file, start, 0, start.length, 8);
    return start.subarray(0, length).equals(CHECKPOINT_START.subarray(0, length));
  } finally {
    closeSync(file);
  }
}
