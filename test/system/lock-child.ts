// Locks a checkpoint at each line `lock`, gives it back at `release`, waits for its turn at `pass`, and answers with a
// line. Before and after every step on the disk it waits for a moment or, where KILL_AT is
// `<before|after> <function> <file name>`, is killed.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
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
  return basename(String(path)).replace(/[^.]*\.tmp$/, 'tmp');
}

function pause(at: string): void {
  if (at === process.env.KILL_AT) process.kill(process.pid, 'SIGKILL');
  if (at.includes('.lock')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGEST_MS * Math.random());
}

const { lockCheckpoint } = await import('../../src/checkpoint/lock.js');
const { withLock } = await import('../../src/system/lock.js');

/** Whether another process does the same at the same time. */
async function stay(): Promise<string> {
  const here = `${path}.here`;
  try {
    fs.mkdirSync(here);
    await sleep(LONGEST_MS);
    fs.rmdirSync(here);
    return 'alone';
  } catch (error) {
    return (error as Error).message;
  }
}

let release: (() => void) | undefined;
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    release?.();
    release = undefined;
    console.log('free');
    continue;
  }
  if (line === 'pass') {
    console.log(await withLock(`${path}.lock`, () => undefined, stay));
    continue;
  }
  try {
    release = lockCheckpoint(path);
    console.log('taken');
  } catch (error) {
    console.log((error as Error).message.replace(/ to .*/, ''));
  }
}
