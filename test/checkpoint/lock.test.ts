import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockCheckpoint } from '../../src/checkpoint/lock.js';
import { fateOf, thisProcess } from '../../src/system/process-identity.js';
import { scratchFolder } from '../scratch-folder.js';
import { endedPid, leaveLock } from '../system/locks.js';

const linux = process.platform === 'linux';

let path = '';
let lock = '';

beforeEach(() => {
  path = join(scratchFolder(), 'run.safetensors');
  lock = `${path}.lock`;
});

describe('the lock of a checkpoint', () => {
  it('names the process that holds it, and is gone when released', () => {
    const release = lockCheckpoint(path);
    expect(JSON.parse(fs.readFileSync(lock, 'utf8'))).toMatchObject({ program: 'min-char-rnn', ...thisProcess() });
    expect(fs.readdirSync(join(path, '..'))).toEqual(['run.safetensors.lock']);
    release();
    expect(fs.readdirSync(join(path, '..'))).toEqual([]);
    release();
    lockCheckpoint(path)();
  });

  it('keeps a second one out, in one line with its process and what to do', () => {
    onTestFinished(lockCheckpoint(path));
    expect(() => lockCheckpoint(path)).toThrow(
      new RegExp(
        `^only one run at a time can save to ${path}, but process ${process.pid} does since 20.*; end it \\(kill`,
      ),
    );
  });

  it('holds for every name of the file', () => {
    onTestFinished(lockCheckpoint(path));
    const link = join(scratchFolder(), 'link.safetensors');
    fs.symlinkSync(path, link);
    expect(() => lockCheckpoint(link)).toThrow('only one run at a time');
  });

  it('is taken over from a process that has ended', async () => {
    leaveLock(lock, { pid: await endedPid() });
    onTestFinished(lockCheckpoint(path));
    expect(JSON.parse(fs.readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it.runIf(linux)('is taken over when its id went to another process, or the machine was restarted', () => {
    leaveLock(lock, { start: '1' });
    lockCheckpoint(path)();
    leaveLock(lock, { boot: 'an earlier one' });
    lockCheckpoint(path)();
  });

  it.runIf(linux)('is taken over from a process that ended without its parent taking notice', async () => {
    // exec: the sleeper takes the place of the shell, and never asks after the shell's child.
    const child = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill());
    const pid = Number(String((await once(child.stdout, 'data'))[0]));
    const stat = () => fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const identity = { ...thisProcess(), pid, start: stat().split(' ')[21] };
    expect(fateOf(identity)).toBe('running');
    process.kill(pid);
    while (!/\) Z /.test(stat())) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fateOf(identity)).toBe('ended');
  });

  it('is respected where its process cannot be seen, with the file to remove', async () => {
    const pid = await endedPid();
    for (const particulars of [{ host: 'elsewhere', boot: 'another' }, ...(linux ? [{ namespace: 'pid:[1]' }] : [])]) {
      leaveLock(lock, { pid, ...particulars });
      expect(() => lockCheckpoint(path)).toThrow(`cannot be seen from here; if it has ended, remove ${lock}`);
      expect(fs.existsSync(lock)).toBe(true);
    }
  });

  it('is respected where its id is in use but nobody can say by which process, and nobody is to be killed', () => {
    leaveLock(lock, { start: '' });
    const { pid, host } = thisProcess();
    const expected = `process ${pid} of ${host} does since 2026-01-02T03:04:05.000Z, and whether it still runs cannot be seen from here; if it has ended, remove ${lock}`;
    expect(() => lockCheckpoint(path)).toThrow(expected);
    expect(() => lockCheckpoint(path)).not.toThrow('kill');
    expect(fs.existsSync(lock)).toBe(true);
  });

  it('is refused where a link is in its place that leads nowhere', () => {
    fs.symlinkSync('nowhere', lock);
    expect(() => lockCheckpoint(path)).toThrow(`${lock} must be a lock of min-char-rnn, but is not one`);
  });

  it.each(['', 'not JSON', '{}', '{"pid":1}'])('never removes a file that is no lock: %j', (content) => {
    fs.writeFileSync(lock, content);
    expect(() => lockCheckpoint(path)).toThrow(`${lock} must be a lock of min-char-rnn, but is not one`);
    expect(fs.readFileSync(lock, 'utf8')).toBe(content);
  });
});
