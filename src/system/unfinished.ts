import { createHash, randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { fateOf, type ProcessIdentity, thisProcess } from './process-identity.js';

/** `.pid-start-host-boot-namespace-random.tmp`; what is long as hashes, so that the name is short enough. */
const ENDING = /\.(\d+)-(\d*)-([0-9a-f]{8})-([0-9a-f]{8})?-([0-9a-f]{8})-[0-9a-f]{8}\.tmp$/;

/** A file of another machine or container that has not grown for so long is nobody's any more. */
const UNSEEN_MS = 24 * 3600 * 1000;

/** A new name for a file that a process, this one, begins to write, to be renamed when it is whole. */
export function unfinishedName(stem: string, writer = thisProcess()): string {
  const { pid, start, host, boot, namespace } = hashed(writer);
  return `${stem}.${[pid, start, host, boot, namespace, randomBytes(4).toString('hex')].join('-')}.tmp`;
}

/** Whether {@link unfinishedName} makes such names of such stems. */
export function isUnfinishedName(name: string, stem: RegExp): boolean {
  return ENDING.test(name) && stem.test(name.replace(ENDING, ''));
}

/** Whether the process that a file is named after is still at it, as far as that can be told. */
export function isBeingWritten(path: string): boolean {
  const match = ENDING.exec(basename(path));
  if (!match) return false;
  const [, pid, start, host, boot = '', namespace] = match;
  const fate = fateOf({ pid: Number(pid), start, host, boot, namespace }, hashed(thisProcess()));
  if (fate !== 'unknown') return fate === 'running';
  const written = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - written < UNSEEN_MS;
}

function hashed({ host, boot, namespace, ...rest }: ProcessIdentity): ProcessIdentity {
  // What a system does not tell stays untold.
  return { ...rest, host: hash(host), boot: boot && hash(boot), namespace: hash(namespace) };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
