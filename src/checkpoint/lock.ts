import { UserError } from '../errors.js';
import { realDestination, saveError } from '../system/atomic-write.js';
import { type Holder, tryLock } from '../system/lock.js';

/**
 * Keeps a checkpoint for this process, with a lock beside it, `<name>.lock`, until the function returned is called or the
 * process exits.
 * @throws {UserError} one line: which process has the checkpoint and what to do, or why nothing can be written there.
 */
export function lockCheckpoint(path: string): () => void {
  try {
    const taken = tryLock(`${realDestination(path)}.lock`);
    if (typeof taken === 'function') return taken;
    throw new UserError(refusal(path, taken));
  } catch (error) {
    throw saveError(path, error);
  }
}

function refusal(path: string, { path: lock, owner: { pid, host, since }, fate }: Holder): string {
  const start = `only one run at a time can save to ${path}, but process ${pid}`;
  return fate === 'running'
    ? `${start} does since ${since}; end it (kill ${pid}), wait for it, or choose another --checkpoint`
    : `${start} of ${host} does since ${since}, and whether it still runs cannot be seen from here; if it has ended, remove ${lock}, else choose another --checkpoint`;
}
