import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sweepLeftovers } from '../../src/checkpoint/leftovers.js';
import { lockCheckpoint } from '../../src/checkpoint/lock.js';
import { thisProcess } from '../../src/system/process-identity.js';
import { compiled } from '../compiled.js';
import { scratchFolder } from '../scratch-folder.js';

const CHILD = fileURLToPath(compiled(new URL('lock-child.ts', import.meta.url)));
const ROUNDS = 40;
const CHILDREN = 5;

let path = '';
beforeEach(() => {
  path = join(scratchFolder(), 'run.safetensors');
});

const files = () => fs.readdirSync(join(path, '..')).sort();

/** A lock such as a process leaves that is killed, different each time. */
function leaveLock(pid: number, round: number): void {
  const own = { program: 'min-char-rnn', ...thisProcess(), pid, since: `round ${round}` };
  fs.writeFileSync(`${path}.lock`, JSON.stringify(own));
}

/** An id that no process has any more. */
async function endedPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'close');
  return child.pid ?? 0;
}

/** A process that locks when it is told to; `ask` says something to it and gives its answer. */
async function locker(env: NodeJS.ProcessEnv = {}): Promise<(line?: string) => Promise<string>> {
  const child = spawn(process.execPath, [CHILD, path], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(() => 'ended');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => String((await lines.next()).value ?? (await ended));
  expect(await answer()).toBe('ready');
  return (line = 'lock') => {
    child.stdin.write(`${line}\n`);
    return answer();
  };
}

describe('of many processes that want a lock at once', () => {
  it.each([
    ['a free one', () => undefined],
    ['one that was left behind', leaveLock],
  ])('exactly one gets %s, and nothing is left beside it', async (_what, prepare) => {
    const pid = await endedPid();
    const lockers = await Promise.all(Array.from({ length: CHILDREN }, () => locker()));
    const all = (line: string) => Promise.all(lockers.map((ask) => ask(line)));
    for (let round = 0; round < ROUNDS; round++) {
      prepare(pid, round);
      const answers = await all('lock');
      expect(answers.toSorted()).toEqual([
        ...Array<string>(CHILDREN - 1).fill('only one run at a time can save'),
        'taken',
      ]);
      expect(files()).toEqual(['run.safetensors.lock']);
      await all('release');
      expect(files()).toEqual([]);
    }
  });
});

describe('a process that is killed while it takes over a lock', () => {
  it.each([
    'after writeFileSync run.safetensors.lock.takeover.tmp',
    'after linkSync run.safetensors.lock.takeover.tmp',
    'before rmSync run.safetensors.lock',
    'after rmSync run.safetensors.lock',
    'before rmSync run.safetensors.lock.takeover',
    'after rmSync run.safetensors.lock.takeover',
  ])('%s keeps nobody out, and what it leaves is swept', async (at) => {
    leaveLock(await endedPid(), 0);
    const ask = await locker({ KILL_AT: at });
    expect(await ask()).toBe('ended');
    const release = lockCheckpoint(path);
    sweepLeftovers(path);
    expect(files()).toEqual(['run.safetensors.lock']);
    release();
  });
});
