import { mkdirSync, readlinkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../errors.js';
import { type Holder, withLock } from '../system/lock.js';
import { isRunning } from '../system/process-identity.js';
import { remove, sweepUnfinished, unfinishedName } from '../system/unfinished.js';

/** Whose set-up this one waits for, and what ends the waiting. */
export interface WaitOptions {
  /** Hears a line for the user. */
  readonly onWait: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Runs `action` while no other set-up works in the cache, and without what killed ones have left there. */
export function aloneInCache<T>(
  cacheRoot: string,
  { onWait, signal }: WaitOptions,
  action: () => Promise<T>,
): Promise<T> {
  const say = ({ path, owner: { pid, host }, fate }: Holder): void => {
    const unseen = fate === 'unknown' ? `, which cannot be seen from here; if it has ended, remove ${path}` : '';
    onWait(`waiting for another set-up (process ${pid} of ${host}${unseen})`);
  };
  const sweepFirst = (): Promise<T> => {
    const isOlder = (name: string): boolean => isLeftByOlderVersion(cacheRoot, name);
    sweepUnfinished(cacheRoot, (stem) => stem === STEM, isOlder);
    return action();
  };
  return withLock(join(cacheRoot, '.setup.lock'), say, sweepFirst, signal);
}

/** A folder, or the lock (a link), of an older version of the program: these name their process by its id alone. */
function isLeftByOlderVersion(cacheRoot: string, name: string): boolean {
  const owner = name === '.lock' ? `.building-${readlinkSync(join(cacheRoot, name))}` : name;
  const pid = /^\.building-(\d+)[-@]/.exec(owner)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

const STEM = '.building';

/** A new name in the cache for a folder that is to go again. */
export function buildingName(cacheRoot: string): string {
  return join(cacheRoot, unfinishedName(STEM));
}

/** Runs `build` with a new temporary folder of the cache, and removes the folder however the build ends. */
export async function inBuildingFolder<T>(cacheRoot: string, build: (folder: string) => Promise<T>): Promise<T> {
  const folder = buildingName(cacheRoot);
  mkdirSync(folder);
  try {
    return await build(folder);
  } finally {
    remove(folder);
  }
}

/** Moves a finished installation to its place in one step; what is there already goes aside first. */
export function moveIntoPlace(finished: string, place: string): void {
  moveAside(place, `${finished}-before`);
  renameSync(finished, place);
}

/** Processes that have loaded these libraries keep using them, wherever the files are. */
function moveAside(place: string, aside: string): void {
  try {
    renameSync(place, aside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
