import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fateOf, type ProcessIdentity, thisProcess } from './process-identity.js';

/** `.pid-start-host-boot-namespace-random.tmp`; what is long as hashes, so that the name is short enough. */
const ENDING = /\.(\d+)-(\d*)-([0-9a-f]{8})-([0-9a-f]{8})?-([0-9a-f]{8})-[0-9a-f]{8}\.tmp$/;

/** What a process that cannot be seen has not written to for so long is nobody's any more. */
const UNSEEN_MS = 24 * 3600 * 1000;

/** A new name for a file or folder that a process, this one, begins to write, to be renamed when it is whole. */
export function unfinishedName(stem: string, writer = thisProcess()): string {
  const { pid, start, host, boot, namespace } = hashed(writer);
  return `${stem}.${[pid, start, host, boot, namespace, randomBytes(4).toString('hex')].join('-')}.tmp`;
}

/** What {@link unfinishedName} made such a name of; undefined for other names. */
export function stemOf(name: string): string | undefined {
  return ENDING.test(name) ? name.replace(ENDING, '') : undefined;
}

/** Whether the process that a file is named after still writes it, as far as that can be seen. */
export function isBeingWritten(path: string): boolean {
  const match = ENDING.exec(basename(path));
  if (!match) return false;
  const [, pid, start, host, boot = '', namespace] = match;
  const fate = fateOf({ pid: Number(pid), start, host, boot, namespace }, hashed(thisProcess()));
  if (fate !== 'unknown') return fate === 'running';
  const written = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - written < UNSEEN_MS;
}

/**
 * Removes from a folder what ended processes have left there unfinished. What cannot be removed stays for the next time.
 * @param isOurs says of a stem whether its files are to be removed. @param isOlder says so of a name of another form,
 * as older versions of the program gave. @returns the names removed.
 */
export function sweepUnfinished(
  folder: string,
  isOurs: (stem: string) => boolean,
  isOlder: (name: string) => boolean = () => false,
): string[] {
  const isLeft = (name: string): boolean => {
    const stem = stemOf(name);
    return stem === undefined ? isOlder(name) : isOurs(stem) && !isBeingWritten(join(folder, name));
  };
  return namesIn(folder).filter((name) => {
    try {
      return isLeft(name) && remove(join(folder, name));
    } catch {
      // It cannot be looked at, or is gone by now.
      return false;
    }
  });
}

/** Names in a folder; none where it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes a file, or a folder with all in it. @returns whether it is gone. */
export function remove(path: string): boolean {
  try {
    // The children of a killed process may still be writing.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    return true;
  } catch {
    return false;
  }
}

function hashed({ host, boot, namespace, ...rest }: ProcessIdentity): ProcessIdentity {
  // What the system does not say stays unsaid.
  return { ...rest, host: hash(host), boot: boot && hash(boot), namespace: hash(namespace) };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
