import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { codeOf } from '../errors.js';
import { fateOf, type ProcessIdentity, thisProcess } from './process-identity.js';

const ownerSchema = v.object({
  program: v.literal('min-char-rnn'),
  pid: v.number(),
  host: v.string(),
  boot: v.string(),
  namespace: v.string(),
  start: v.string(),
  since: v.string(),
});

/** Who has a lock, and since when. */
export type Owner = ProcessIdentity & v.InferOutput<typeof ownerSchema>;

/** The content of a lock of this process's. */
export function ownContent(): string {
  return JSON.stringify({ program: 'min-char-rnn', ...thisProcess(), since: new Date().toISOString() });
}

/** What to do where another process has a lock: returns to try again, or throws. No owner: it is no lock at all. */
type Refusal = (lock: string, owner: Owner | undefined, fate: 'running' | 'unknown') => void;

/** Makes a lock, all of its content at once, also in place of one whose process has ended. */
export function acquire(lock: string, own: string, refuse: Refusal): void {
  while (!place(lock, own)) {
    const content = contentOf(lock);
    // Given back just now.
    if (content === undefined) continue;
    const owner = parse(content);
    const fate = owner ? fateOf(owner) : 'unknown';
    if (fate === 'ended') removeAbandoned(lock, content, own, patiently(refuse));
    else refuse(lock, owner, fate);
  }
}

/** Removes the lock if it is this process's. */
export function giveBack(lock: string, own: string): void {
  if (contentOf(lock) === own) rmSync(lock, { force: true });
}

/**
 * Removes what processes that were killed while they took a lock have left beside it: files of {@link place} and claims.
 * To be called by the lock's owner. @returns the names of the files removed.
 */
export function sweepBeside(lock: string): string[] {
  const prefix = basename(lock);
  const names = readdirSync(dirname(lock)).filter((name) => name.startsWith(prefix));
  return names.filter((name) => BESIDE.test(name.slice(prefix.length)) && removeIfAbandoned(join(dirname(lock), name)));
}

const CLAIM = '.takeover';
const BESIDE = /^(\.takeover)*(\.takeover|\.[0-9a-f]{8}\.tmp)$/;

/**
 * Only the owner of the claim, a lock on the lock, removes one of an ended process, and looks again before: another one
 * may have done so since, and what is there now be its lock. A claim whose own process has ended is taken over likewise.
 */
function removeAbandoned(lock: string, abandoned: string, own: string, refuse: Refusal): void {
  const claim = `${lock}${CLAIM}`;
  acquire(claim, own, refuse);
  try {
    if (contentOf(lock) === abandoned) rmSync(lock, { force: true });
  } finally {
    giveBack(claim, own);
  }
}

function removeIfAbandoned(path: string): boolean {
  try {
    const content = contentOf(path) ?? '';
    const owner = parse(content);
    if (!owner || fateOf(owner) !== 'ended') return false;
    // Only its maker would make a lock of a temporary file, but any process may take over a claim at this moment.
    if (path.endsWith('.tmp')) rmSync(path);
    else removeAbandoned(path, content, ownContent(), busy);
    return true;
  } catch {
    // No file, or another process is at it: there will be another time.
    return false;
  }
}

function busy(): never {
  throw new Error('another process removes it');
}

/** A takeover is a moment's work, but its process may be halted in it. */
const PATIENCE = { pollMs: 2, mostMs: 10_000 };

/** Waits for another takeover to end, but not for ever. */
function patiently(refuse: Refusal): Refusal {
  const deadline = performance.now() + PATIENCE.mostMs;
  return (...given) => {
    if (performance.now() > deadline) refuse(...given);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE.pollMs);
  };
}

/** @returns false where there is a lock. */
function place(lock: string, content: string): boolean {
  const temporary = `${lock}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    linkSync(temporary, lock);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return placeWithoutLink(lock, content);
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** For file systems without hard links, such as FAT. */
function placeWithoutLink(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function parse(content: string): Owner | undefined {
  try {
    const result = v.safeParse(ownerSchema, JSON.parse(content));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function contentOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
