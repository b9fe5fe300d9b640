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

/** A process told apart from all others, also from one that gets its id later; '' for what a system does not tell. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** The machine's boot, since which ids are given out. */
  boot: string;
  /** The namespace that the id is of: containers have their own. */
  namespace: string;
  /** When the process started, in the system's own unit. */
  start: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), boot: bootOf(), namespace: namespaceOf(), start: startOf(process.pid) };
}

/** What became of a process; `unknown` where it cannot be seen from here: on another machine, in another container. */
export function fateOf(
  { pid, host, boot, namespace, start }: ProcessIdentity,
  here = thisProcess(),
): 'running' | 'ended' | 'unknown' {
  if (boot !== here.boot || boot === '') {
    if (host !== here.host) return 'unknown';
    // The same machine, started anew since.
    if (boot !== here.boot) return 'ended';
  }
  if (namespace !== here.namespace) return 'unknown';
  // An id is given out again; that process started later.
  return isRunning(pid) && startOf(pid) === start ? 'running' : 'ended';
}

const bootOf = () => told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
const namespaceOf = () => told(() => readlinkSync('/proc/self/ns/pid'));

/**
 * Field 22 of /proc/PID/stat: clock ticks from the boot to the process's start. One that ended but that its parent has
 * not taken notice of is there still, in state Z. The name in field 2 may hold spaces and brackets.
 */
const startOf = (pid: number) =>
  told(() => {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? 'ended' : fields[18];
  });

/** What the system tells, or '' on those without a /proc. */
function told(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
