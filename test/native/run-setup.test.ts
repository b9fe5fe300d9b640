import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isRunning } from '../../src/system/process-identity.js';
import { compiled } from '../compiled.js';
import { FakeMachine, until } from './fake-machine.js';

it.each([
  ['SIGINT', 'alone'],
  ['SIGTERM', 'alone'],
  ['SIGINT', 'after a SIGHUP under nohup, which does not,'],
] as const)('%s %s ends the set-up, its programs and its temporary files', async (signal, how) => {
  const machine = await FakeMachine.create();
  machine.setPip('hangs');
  const script = fileURLToPath(compiled(new URL('run-setup-child.ts', import.meta.url)));
  const nohup = how === 'alone' ? [] : ['/usr/bin/nohup'];
  const [program, ...words] = [...nohup, process.execPath, script];
  const child = spawn(program, words, {
    env: { ...machine.env, MIN_CHAR_RNN_CACHE: machine.cacheRoot },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
    const ended = once(child, 'close');
    await until(() => machine.hangingPips.length === 1);
    if (how !== 'alone') {
      child.kill('SIGHUP');
      await sleep(200);
      expect(machine.hangingPips).toHaveLength(1);
    }
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(machine.hangingPips.filter(isRunning)).toEqual([]);
    expect(machine.cached).toEqual([]);
    expect(written).toBe('looking for pip and a C++ compiler\ndownloading TensorFlow 2.19.0 (252 MB)\n');
  } finally {
    child.kill('SIGKILL');
    machine.remove();
  }
});
