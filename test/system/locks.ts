import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { thisProcess } from '../../src/system/process-identity.js';

/** An id that no process has any more. */
export async function endedPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'close');
  return child.pid ?? 0;
}

/** Writes a lock as a process of these particulars would have left it, else this one. */
export function leaveLock(lock: string, particulars: object): void {
  const own = { program: 'min-char-rnn', ...thisProcess(), since: '2026-01-02T03:04:05.000Z' };
  fs.writeFileSync(lock, JSON.stringify({ ...own, ...particulars }));
}
