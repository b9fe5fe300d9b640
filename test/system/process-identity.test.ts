import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { fateOf, startOf, thisProcess } from '../../src/system/process-identity.js';

const posix = process.platform !== 'win32';

it.runIf(posix)('the start of a process is read with ps where there is no /proc', () => {
  const started = Date.now() - process.uptime() * 1000;
  const read = Number(startOf(process.pid, 'darwin'));
  // Of whole seconds.
  expect(Math.abs(read - started)).toBeLessThan(3000);
  expect(Number(startOf(1, 'darwin'))).toBeLessThan(read);
  expect(startOf(4194305, 'darwin')).toBe('');
});

it.runIf(posix)('a process that ended without its parent taking notice is seen with ps too', async () => {
  // exec: the sleeper takes the place of the shell, and never asks after the shell's child.
  const child = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill());
  const pid = Number(String((await once(child.stdout, 'data'))[0]));
  expect(startOf(pid, 'darwin')).toMatch(/^\d+$/);
  process.kill(pid);
  while (startOf(pid, 'darwin') !== 'ended') await new Promise((resolve) => setTimeout(resolve, 20));
});

it('what the system does not say about a process leaves its fate unknown while its id is in use', () => {
  expect(startOf(process.pid, 'win32')).toBe('');
  expect(fateOf({ ...thisProcess(), start: '' })).toBe('unknown');
  expect(fateOf({ ...thisProcess(), start: '', pid: 4194305 })).toBe('ended');
});
