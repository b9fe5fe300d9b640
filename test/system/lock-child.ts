// Locks a checkpoint at each line `lock`, gives it back at `release`, and answers with a line. Before and after every
// step on the disk it waits for a moment or, told so by KILL_AT as `<before|after> <function> <file name>`, is killed.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createInterface } from 'node:readline';
import { basename } from 'node:path';

const LONGEST_MS = 3;
const [path] = process.argv.slice(2);

for (const name of ['readFileSync', 'writeFileSync', 'linkSync', 'rmSync', 'renameSync'] as const) {
  const original = fs[name] as (...given: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...given: unknown[]) => {
      pause(`before ${name} ${nameOf(given)}`);
      const result = original(...given);
      pause(`after ${name} ${nameOf(given)}`);
      return result;
    },
  });
}
syncBuiltinESMExports();

/** Of the file that a function is given, without what is random in it. */
function nameOf([path]: unknown[]): string {
  return basename(String(path)).replace(/[0-9a-f]{8}\.tmp$/, 'tmp');
}

function pause(at: string): void {
  if (at === process.env.KILL_AT) process.kill(process.pid, 'SIGKILL');
  if (at.includes('.lock')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGEST_MS * Math.random());
}

const { lockCheckpoint } = await import('../../src/checkpoint/lock.js');
let release: (() => void) | undefined;
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    release?.();
    release = undefined;
    console.log('free');
    continue;
  }
  try {
    release = lockCheckpoint(path);
    console.log('taken');
  } catch (error) {
    console.log((error as Error).message.replace(/ to .*/, ''));
  }
}
