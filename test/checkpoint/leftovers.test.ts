import fs from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { sweepLeftovers } from '../../src/checkpoint/leftovers.js';
import { type ProcessIdentity, thisProcess } from '../../src/system/process-identity.js';
import { unfinishedName } from '../../src/system/unfinished.js';
import { scratchFolder } from '../scratch-folder.js';
import { smallCheckpoint } from './small-checkpoint.js';

const whole = encodeCheckpoint(smallCheckpoint());

it('removes what killed writers of a checkpoint left, and nothing of those that run or write another file', () => {
  const path = join(scratchFolder(), 'run.safetensors');
  const leave = (stem: string, identity: Partial<ProcessIdentity>) => {
    const name = unfinishedName(stem, { ...thisProcess(), ...identity });
    fs.writeFileSync(join(path, '..', name), 'half');
    return name;
  };
  const dead = leave('run.safetensors', { pid: 4194305 });
  const kept = [
    leave('run.safetensors', {}),
    leave('run.safetensors', { host: 'elsewhere', boot: 'another' }),
    leave('run.safetensors.best', { pid: 4194305 }),
    leave('un.safetensors', { pid: 4194305 }),
  ];
  expect(sweepLeftovers(path)).toEqual([dead]);
  expect(fs.readdirSync(join(path, '..')).sort()).toEqual(kept.sort());
});

it('removes what killed writers of older versions left, and nothing else', () => {
  const folder = scratchFolder();
  const file = (name: string, content: string | Uint8Array) => fs.writeFileSync(join(folder, name), content);
  file('run.safetensors.00c0ffee.tmp', whole);
  file('run.safetensors.11c0ffee.tmp', whole.subarray(0, 200));
  file('run.safetensors.22c0ffee.tmp', '');
  const foreign = {
    'run.safetensors': whole,
    'run.safetensors.bak': whole,
    'run.safetensors.1234567.tmp': whole,
    'run.safetensors.123456789.tmp': whole,
    'run.safetensors.DEADBEEF.tmp': whole,
    'run.safetensors.77c0ffee.tmp.bak': whole,
    'run.safetensors.33c0ffee.tmp': 'a text',
    'run.safetensors.44c0ffee.tmp': 'x'.repeat(1000),
    'run.safetensorsx.00c0ffee.tmp': whole,
    'other.safetensors.00c0ffee.tmp': whole,
  };
  Object.entries(foreign).forEach(([name, content]) => file(name, content));
  fs.mkdirSync(join(folder, 'run.safetensors.55c0ffee.tmp'));
  fs.symlinkSync('run.safetensors', join(folder, 'run.safetensors.66c0ffee.tmp'));
  const swept = sweepLeftovers(join(folder, 'run.safetensors'));
  expect(swept.map((name) => basename(name)).sort()).toEqual([
    'run.safetensors.00c0ffee.tmp',
    'run.safetensors.11c0ffee.tmp',
    'run.safetensors.22c0ffee.tmp',
  ]);
  const kept = [...Object.keys(foreign), 'run.safetensors.55c0ffee.tmp', 'run.safetensors.66c0ffee.tmp'];
  expect(fs.readdirSync(folder).sort()).toEqual(kept.sort());
});
