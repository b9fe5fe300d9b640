import { linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { codeOf, UserError } from '../errors.js';
import { parseJson } from './parse-json.js';
import { fateOf, thisProcess } from './process-identity.js';
import { namesIn, sweepUnfinished, unfinishedName } from './unfinished.js';

const contentSchema = v.object({
  program: v.literal('min-char-rnn'),
  pid: v.number(),
  host: v.string(),
  boot: v.string(),
  namespace: v.string(),
  start: v.string(),
  since: v.string(),
});

/** Why a lock cannot be had: whose it is, and whether that process runs or cannot be seen. */
export interface Holder {
  /** The file in the way: the lock, or a claim on it. */
  readonly path: string;
  readonly owner: v.InferOutput<typeof contentSchema>;
  readonly fate: 'running' | 'unknown';
}

const POLL_MS = 250;

/**
 * Takes a lock for this process, unless another has it: a file that names the process. One whose process has ended,
 * however it ended, is taken over; where that cannot be seen, it is respected, however old it is.
 *
 * Why no library: proper-lockfile 4.1.2 calls a lock abandoned when its time stamp is not renewed for some seconds, so a
 * computer that slept, a long step or a clock set back would let two processes in.
 * @returns what gives the lock back, which also happens when the process exits; or who has it.
 * @throws {UserError} the file is no lock. @throws the system's error.
 */
export function tryLock(lock: string): (() => void) | Holder {
  const own = JSON.stringify({ program: 'min-char-rnn', ...thisProcess(), since: new Date().toISOString() });
  const holder = acquire(lock, own);
  if (holder) return holder;
  const release = (): void => {
    process.off('exit', release);
    try {
      giveBack(lock, own);
    } catch {
      // The disk has become read-only or is gone: what stays there is the lock of an ended process, which counts for nothing.
    }
  };
  process.on('exit', release);
  sweepBeside(lock, own);
  return release;
}

/**
 * Runs `action` with a lock, once no other process has it.
 * @param onWait hears of each one that is waited for. @param signal ends the waiting, with an error.
 * @throws as {@link tryLock}.
 */
export async function withLock<T>(
  lock: string,
  onWait: (holder: Holder) => void,
  action: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let heard: string | undefined;
  let taken = tryLock(lock);
  for (; typeof taken !== 'function'; taken = tryLock(lock)) {
    if (taken.owner.since !== heard) onWait(taken);
    heard = taken.owner.since;
    await sleep(POLL_MS, undefined, { signal });
  }
  try {
    return await action();
  } finally {
    taken();
  }
}

/** Makes a lock, all of its content at once, also in place of one whose process has ended. @returns who has it instead. */
function acquire(lock: string, own: string): Holder | undefined {
  while (!place(lock, own)) {
    const content = contentOf(lock);
    // Given back just now.
    if (content === undefined) continue;
    const owner = parseJson(contentSchema, content);
    if (!owner) throw new UserError(`${lock} must be a lock of min-char-rnn, but is not one; move it away`);
    const fate = fateOf(owner);
    const holder = fate === 'ended' ? removeAbandoned(lock, content, own) : { path: lock, owner, fate };
    if (holder) return holder;
  }
  return undefined;
}

/** Removes the lock if it is this process's. */
function giveBack(lock: string, own: string): void {
  if (contentOf(lock) === own) rmSync(lock, { force: true });
}

const CLAIM = '.takeover';

/**
 * Only the owner of the claim, a lock on the lock, removes one of an ended process, and looks again before: another one
 * may have done so since, and what is there now be its lock. A claim whose own process has ended is taken over too.
 * @returns who has the claim instead.
 */
function removeAbandoned(lock: string, abandoned: string, own: string): Holder | undefined {
  const claim = `${lock}${CLAIM}`;
  const holder = acquirePatiently(claim, own);
  if (holder) return holder;
  try {
    if (contentOf(lock) === abandoned) rmSync(lock, { force: true });
  } finally {
    giveBack(claim, own);
  }
  return undefined;
}

/** A takeover is a moment's work, but its process may be halted in it. */
const PATIENCE = { pollMs: 2, mostMs: 10_000 };

/** Waits for another takeover to end, but not for ever. */
function acquirePatiently(claim: string, own: string): Holder | undefined {
  const deadline = performance.now() + PATIENCE.mostMs;
  for (;;) {
    const holder = acquire(claim, own);
    if (!holder || performance.now() > deadline) return holder;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE.pollMs);
  }
}

/** Removes what processes that were killed while they took this process's lock have left beside it. */
function sweepBeside(lock: string, own: string): void {
  const [folder, name] = [dirname(lock), basename(lock)];
  const isLockOrClaim = (stem: string) => stem.startsWith(name) && /^(\.takeover)*$/.test(stem.slice(name.length));
  sweepUnfinished(folder, isLockOrClaim);
  const claims = namesIn(folder).filter((other) => other !== name && isLockOrClaim(other));
  for (const claim of claims.map((other) => join(folder, other))) {
    try {
      if (!acquire(claim, own)) giveBack(claim, own);
    } catch {
      // It is no claim, or cannot be removed.
    }
  }
}

/** @returns false where there is a lock. */
function place(lock: string, content: string): boolean {
  const temporary = unfinishedName(lock);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    placeWhole(lock, temporary, content);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function placeWhole(lock: string, temporary: string, content: string): void {
  try {
    linkSync(temporary, lock);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
    // A file system without hard links, such as FAT.
    writeFileSync(lock, content, { flag: 'wx' });
  }
}

/** Undefined where there is no file; a link that leads nowhere has none. */
function contentOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return lstatSync(lock, { throwIfNoEntry: false })?.isSymbolicLink() ? '' : undefined;
  }
}
