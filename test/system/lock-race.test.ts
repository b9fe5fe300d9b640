import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sweepLeftovers } from '../../src/checkpoint/leftovers.js';
import { lockCheckpoint } from '../../src/checkpoint/lock.js';
import { compiled } from '../compiled.js';
import { scratchFolder } from '../scratch-folder.js';
import { endedPid, leaveLock } from './locks.js';

const CHILD = fileURLToPath(compiled(new URL('lock-child.ts', import.meta.url)));
const ROUNDS = 40;
const CHILDREN = 5;

let path = '';
beforeEach(() => {
  path = join(scratchFolder(), 'run.safetensors');
});

const files = () => fs.readdirSync(join(path, '..')).sort();

/** A lock such as a process leaves that is killed, different each time. */
function abandon(pid: number, round: number): void {
  leaveLock(`${path}.lock`, { pid, since: `round ${round}` });
}

/** A process that locks on command; `ask` sends it a line and returns its answer. */
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
    ['one that was left behind', abandon],
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

describe('of many processes that wait for a lock', () => {
  it('all get it, one after the other, also over one that was left behind', async () => {
    const pid = await endedPid();
    const lockers = await Promise.all(Array.from({ length: CHILDREN }, () => locker()));
    for (let round = 0; round < ROUNDS / 4; round++) {
      abandon(pid, round);
      const answers = await Promise.all(lockers.map((ask) => ask('pass')));
      expect(answers).toEqual(Array(CHILDREN).fill('alone'));
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
  ])('%s keeps no one out, and what it leaves is swept', async (at) => {
    abandon(await endedPid(), 0);
    const ask = await locker({ KILL_AT: at });
    expect(await ask()).toBe('ended');
    const release = lockCheckpoint(path);
    sweepLeftovers(path);
    expect(files()).toEqual(['run.safetensors.lock']);
    release();
  });
});
