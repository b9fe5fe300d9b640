import { lstatSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../system/process-identity.js';
import { codeOf } from '../errors.js';

/** What a set-up does while another one has the lock. */
export interface LockOptions {
  readonly onWait: (owner: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 250;

/** Older locks do not count: their owner's id may have gone to another process since. */
const MAX_AGE_MS = 30 * 60_000;

/**
 * Runs `action` while no other set-up works in the cache; waits for one that does.
 *
 * The lock is a symbolic link whose target names the owner: made and read in one step each. Two set-ups that both find
 * the lock of a dead process may, very rarely, both go on; the folders they build are apart, so no harm comes of it.
 */
export async function withLock<T>(cacheRoot: string, options: LockOptions, action: () => Promise<T>): Promise<T> {
  const lock = join(cacheRoot, '.lock');
  const self = `${process.pid}@${hostname()}`;
  while (!take(lock, self)) {
    const owner = ownerOf(lock);
    if (owner === undefined || isStale(lock, owner)) {
      rmSync(lock, { force: true });
      continue;
    }
    options.onWait(owner);
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
  try {
    return await action();
  } finally {
    if (ownerOf(lock) === self) rmSync(lock, { force: true });
  }
}

function take(lock: string, self: string): boolean {
  try {
    symlinkSync(self, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(lock: string): string | undefined {
  try {
    return readlinkSync(lock);
  } catch {
    return undefined;
  }
}

/** On another machine that shares this folder, nobody can see whether the owner still runs: only its age counts. */
function isStale(lock: string, owner: string): boolean {
  const [, pid, host] = /^(\d+)@(.*)$/.exec(owner) ?? [];
  const age = Date.now() - (lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age > MAX_AGE_MS || (host === hostname() && !isRunning(Number(pid)));
}
