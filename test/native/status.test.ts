import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { statusOf } from '../../src/native/status.js';

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

it('is foreign where somebody else built the binding', () => {
  writeFileSync(place, 'a binding');
  expect(statusOf(place)).toEqual({ kind: 'foreign', guarded: false, binding: place });
});
