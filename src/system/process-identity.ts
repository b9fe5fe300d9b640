import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from '../errors.js';

/** Whether a process of this machine has this id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A process apart from all others, also from one that gets its id later; '' for what the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The machine's boot, since which ids are given out. */
  readonly boot: string;
  /** The namespace that the id is of: containers have their own. */
  readonly namespace: string;
  /** When the process started, in the system's own unit. */
  readonly start: string;
}

let self: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return (self ??= { pid, host: hostname(), boot: bootId(), namespace: pidNamespace(), start: startOf(pid) });
}

/**
 * What became of a process. `unknown` where it cannot be seen from here (on another machine, in another container), and
 * where its id is in use but the system does not say since when, so that it may be another process's by now.
 */
export function fateOf(
  { pid, host, boot, namespace, start }: ProcessIdentity,
  here = thisProcess(),
): 'running' | 'ended' | 'unknown' {
  if (boot !== here.boot || boot === '') {
    if (host !== here.host) return 'unknown';
    // The same machine, which has started again since.
    if (boot !== here.boot) return 'ended';
  }
  if (namespace !== here.namespace) return 'unknown';
  const found = startOf(pid);
  // Asked in this order, a process that ends meanwhile has ended.
  if (found === ZOMBIE || !isRunning(pid)) return 'ended';
  if (start === '' || found === '') return 'unknown';
  return found === start ? 'running' : 'ended';
}

const bootId = () => orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
const pidNamespace = () => orNothing(() => readlinkSync('/proc/self/ns/pid'));

/** The start of a process that has ended, but that its parent has not taken notice of. */
const ZOMBIE = 'ended';

/**
 * When the process started that has this id now; '' where there is none or the system does not say. Linux has a file for
 * it, macOS and other Unix systems have `ps` (untested there), Windows (untested) has neither.
 */
export function startOf(pid: number, platform = process.platform): string {
  if (platform === 'win32') return '';
  return orNothing(() => (platform === 'linux' ? startByProc(pid) : startByPs(pid)));
}

/** Field 22 of /proc/PID/stat: clock ticks from the boot on. The name in field 2 may hold spaces and brackets. */
function startByProc(pid: number): string {
  const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return state === 'Z' ? ZOMBIE : fields[18];
}

/** Milliseconds since 1970, to the second; asked for in UTC and English, as every process must get the same answer. */
function startByPs(pid: number): string {
  const line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
  const time = Date.parse(`${line.trim().replace(/^\S+\s+/, '')} UTC`);
  return line.startsWith('Z') ? ZOMBIE : Number.isNaN(time) ? '' : String(time);
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
