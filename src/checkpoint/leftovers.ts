import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realDestination } from '../system/atomic-write.js';
import { sweepUnfinished } from '../system/unfinished.js';
import { beginsAsCheckpoint } from './checkpoint.js';

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
    name.startsWith(own) && OLDER_ENDING.test(name.slice(own.length)) && isEmptyOrCheckpoint(join(folder, name));
  return sweepUnfinished(folder, (stem) => stem === own, isOlder);
}

/** An empty one was left by a process killed before it could write. */
function isEmptyOrCheckpoint(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.size === 0 || beginsAsCheckpoint(path));
}
