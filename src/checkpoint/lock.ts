import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { UserError } from '../errors.js';
import { fateOf, type ProcessIdentity, thisProcess } from '../processes.js';
import { realDestination, saveError } from './atomic-write.js';

const ownerSchema = v.object({
  program: v.literal('min-char-rnn'),
  pid: v.number(),
  host: v.string(),
  boot: v.string(),
  namespace: v.string(),
  start: v.string(),
  since: v.string(),
});

type Owner = v.InferOutput<typeof ownerSchema>;

/**
 * Keeps a checkpoint for this process: a file beside it, `<name>.lock`, names the process that saves to it. A lock whose
 * process has ended, however it ended, is taken over. Given back by the function returned, and when the process exits.
 *
 * Why no library: proper-lockfile 4.1.2 calls a lock abandoned when its time stamp is not renewed for some seconds, so a
 * computer that slept, a long step or a clock set back would let two runs in.
 * @throws {UserError} one line: which process has the checkpoint and what to do, or why nothing can be written there.
 */
export function lockCheckpoint(path: string): () => void {
  const lock = `${realDestination(path)}.lock`;
  const own = JSON.stringify({ program: 'min-char-rnn', ...thisProcess(), since: new Date().toISOString() });
  try {
    while (!place(lock, own)) removeAbandoned(path, lock);
  } catch (error) {
    throw saveError(path, error);
  }
  const release = (): void => {
    process.off('exit', release);
    try {
      if (contentOf(lock) === own) rmSync(lock, { force: true });
    } catch {
      // The disk has become read-only or is gone: what stays there is the lock of an ended process, which counts for nothing.
    }
  };
  process.on('exit', release);
  return release;
}

/** Makes the lock, with all of its content at once; false where there is one. */
function place(lock: string, content: string): boolean {
  const temporary = asideName(lock);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    linkSync(temporary, lock);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
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
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function removeAbandoned(path: string, lock: string): void {
  const content = contentOf(lock);
  // Given back just now.
  if (content === undefined) return;
  const owner = parse(content);
  if (!owner) {
    throw new UserError(
      `Cannot save ${path}: ${lock} must be a lock of min-char-rnn, but is not one; move it away or choose another place`,
    );
  }
  const fate = fateOf(owner);
  if (fate !== 'ended') throw new UserError(refusal(path, lock, owner, fate));
  takeAway(lock, content);
}

/** Two processes may find the same abandoned lock: what is moved aside may be the other's new one, and then goes back. */
function takeAway(lock: string, abandoned: string): void {
  const aside = asideName(lock);
  try {
    renameSync(lock, aside);
  } catch {
    // The other one was faster.
    return;
  }
  if (readFileSync(aside, 'utf8') !== abandoned) linkSync(aside, lock);
  rmSync(aside);
}

function refusal(path: string, lock: string, { pid, host, since }: Owner, fate: 'running' | 'unknown'): string {
  const start = `only one run at a time can save to ${path}, but process ${pid}`;
  return fate === 'running'
    ? `${start} does since ${since}; end it (kill ${pid}), wait for it, or choose another --checkpoint`
    : `${start} of ${host} does since ${since} and cannot be seen from here; if it has ended, remove ${lock}, else choose another --checkpoint`;
}

function parse(content: string): (Owner & ProcessIdentity) | undefined {
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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const asideName = (lock: string): string => `${lock}.${randomBytes(4).toString('hex')}.tmp`;
