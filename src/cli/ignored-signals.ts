import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isatty } from 'node:tty';

/**
 * Whether a signal must not end this process, because it was to be ignored when the process began: SIGHUP under `nohup`
 * or `trap '' HUP`. Before a program's first line Node sets every ignored signal back to its default, so this is judged
 * by what else there is to see. For SIGINT and SIGTERM there is no such sign, and they end every program.
 */
export function isIgnored(signal: NodeJS.Signals): boolean {
  return signal === 'SIGHUP' && hangupIsIgnored;
}

/** Whether the terminal that this process was started on has been closed. */
export function isTerminalGone(): boolean {
  return !terminals.every(isatty);
}

/** The standard streams that are terminals at the start. */
const terminals = [0, 1, 2].filter(isatty);

/** Whether the shell has noted that it ran nohup, or the parent ignores SIGHUP too: then every command outlives it. */
export const IS_DETACHED = basename(process.env._ ?? '') === 'nohup' || isIgnoredByParent();

/** A process without a terminal may have been started by nohup, too: a run has much to lose, so it continues. */
const hangupIsIgnored = IS_DETACHED || terminals.length === 0;

/** SIGHUP is the lowest bit. Only Linux tells. */
function isIgnoredByParent(): boolean {
  try {
    return /^SigIgn:\s*\w*[13579bdf]$/m.test(readFileSync(`/proc/${process.ppid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
