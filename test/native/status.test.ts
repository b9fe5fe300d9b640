import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { installationFolder, locateSite } from '../../src/native/site.js';
import { gpuStatus, statusOf } from '../../src/native/status.js';

let root: string;
let place: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'status-'));
  place = join(root, 'tfjs_binding.node');
});
afterEach(() => rmSync(root, { recursive: true }));

it('is absent where there is no binding', () => {
  expect(statusOf(place)).toEqual({ kind: 'absent', reason: 'the native TensorFlow library is not set up' });
});

it('is absent where the cache was emptied, and names what is gone', () => {
  symlinkSync('/cache/tensorflow/tfjs_binding.node', place);
  expect(statusOf(place)).toEqual({ kind: 'absent', reason: '/cache/tensorflow/tfjs_binding.node is gone' });
});

it('is absent where the binding is empty', () => {
  writeFileSync(place, '');
  expect(statusOf(place)).toMatchObject({ kind: 'absent' });
});

it('is foreign where another program built the binding', () => {
  writeFileSync(place, 'a binding');
  expect(statusOf(place)).toEqual({ kind: 'foreign', guarded: false, binding: place });
});

it.runIf(`${process.platform}-${process.arch}` === 'linux-x64')(
  'of TensorFlow with CUDA says that setup --gpu installs it, and repairs it where it is damaged',
  () => {
    vi.stubEnv('MIN_CHAR_RNN_CACHE', root);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(gpuStatus()).toEqual({
      kind: 'absent',
      reason: 'TensorFlow for CUDA is not set up; run setup --gpu',
    });
    const folder = installationFolder(locateSite('gpu'));
    mkdirSync(folder);
    writeFileSync(join(folder, 'manifest.json'), '{');
    expect(gpuStatus()).toEqual({
      kind: 'absent',
      reason: `${join(folder, 'manifest.json')} is damaged; setup --gpu repairs it`,
    });
  },
);
