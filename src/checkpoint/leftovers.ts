import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realDestination } from '../system/atomic-write.js';
import { sweepUnfinished } from '../system/unfinished.js';
import { CHECKPOINT_START } from './checkpoint.js';

/** What older versions of the program put after a file's name in that of its temporary file. */
const OLDER_ENDING = /^\.[0-9a-f]{8}\.tmp$/;

/**
 * Removes the temporary files that killed processes left beside a checkpoint. To be called by the run that has locked it:
 * an older version does not say whose a file is. Of those that it left, only a plain file that begins as a checkpoint
 * does (or is empty) is taken for one.
 * @returns the names of the files removed.
 */
export function sweepLeftovers(path: string): string[] {
  const target = realDestination(path);
  const [folder, own] = [dirname(target), basename(target)];
  const isOlder = (name: string) =>
    name.startsWith(own) && OLDER_ENDING.test(name.slice(own.length)) && beginsAsOurs(join(folder, name));
  return sweepUnfinished(folder, (stem) => stem === own, isOlder);
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
