import { UserError } from '../errors.js';
import { realDestination, saveError } from '../system/atomic-write.js';
import { acquire, giveBack, type Owner, ownContent } from '../system/lock-file.js';

/**
 * Keeps a checkpoint for this process: a file beside it, `<name>.lock`, names the process that saves to it. A lock whose
 * process has ended, however it ended, is taken over. Given back by the function returned, and when the process exits.
 *
 * Why no library: proper-lockfile 4.1.2 calls a lock abandoned when its time stamp is not renewed for some seconds, so a
 * computer that slept, a long step or a clock set back would let two runs in.
 * @throws {UserError} one line: which process has the checkpoint and what to do, or why nothing can be written there.
 */
export function lockCheckpoint(path: string): () => void {
  const lock = lockOf(path);
  const own = ownContent();
  try {
    acquire(lock, own, (held, owner, fate) => {
      throw new UserError(refusal(path, held, owner, fate));
    });
  } catch (error) {
    throw saveError(path, error);
  }
  const release = (): void => {
    process.off('exit', release);
    try {
      giveBack(lock, own);
    } catch {
      // The disk has become read-only or is gone: what stays there is the lock of an ended process, which counts for nothing.
    }
  };
  process.on('exit', release);
  return release;
}

/** Where the lock of a checkpoint is. */
export function lockOf(path: string): string {
  return `${realDestination(path)}.lock`;
}

function refusal(path: string, lock: string, owner: Owner | undefined, fate: 'running' | 'unknown'): string {
  if (!owner) {
    return `Cannot save ${path}: ${lock} must be a lock of min-char-rnn, but is not one; move it away or choose another place`;
  }
  const { pid, host, since } = owner;
  const start = `only one run at a time can save to ${path}, but process ${pid}`;
  return fate === 'running'
    ? `${start} does since ${since}; end it (kill ${pid}), wait for it, or choose another --checkpoint`
    : `${start} of ${host} does since ${since} and cannot be seen from here; if it has ended, remove ${lock}, else choose another --checkpoint`;
}
