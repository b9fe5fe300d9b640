import { closeSync, lstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realDestination, TEMPORARY_ENDING } from '../system/atomic-write.js';
import { CHECKPOINT_START } from './checkpoint.js';
import { lockOf } from './lock.js';
import { sweepBeside } from '../system/lock-file.js';

/**
 * Removes the temporary files that killed processes left beside a checkpoint. To be called by the run that has locked it:
 * then nobody else writes there. Only what has the name of such a file, is a plain file and begins as a checkpoint does
 * (or is empty) is taken for one. Goes for those beside its lock too, where they name a process that has ended.
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
  return [...leftovers, ...sweepBeside(lockOf(path))];
}

/** Whether a file begins as a checkpoint does, after eight bytes with a length; or is empty, killed before it could. */
function beginsAsOurs(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size === 0) return stats?.isFile() ?? false;
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(CHECKPOINT_START.length);
    readSync(file, start, 0, start.length, 8);
    return start.equals(CHECKPOINT_START);
  } finally {
    closeSync(file);
  }
}
