import { spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/checkpoint/safetensors.js';
import { fileOf } from '../checkpoint/safetensors-arbitrary.js';
import { compiled } from '../compiled.js';
import { scratchFolder } from '../scratch-folder.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';

const CHILD = fileURLToPath(compiled(new URL('memory-child.ts', import.meta.url)));

/** MiB that a process may take to load a checkpoint, beside the data: most are for a header of the largest size. */
const CONSTANT = 128;

/** Loads a file in a process with a small heap; says what came of it and how far its memory grew. */
function load(bytes: Uint8Array, paddedTo = bytes.length): { outcome: string; grownMiB: number } {
  const path = join(scratchFolder(), 'some.safetensors');
  writeFileSync(path, bytes);
  // Zeros that take no room on the disk.
  truncateSync(path, paddedTo);
  const args = ['--max-old-space-size=192', CHILD, path];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { outcome: string; grownMiB: number };
}

/** A small checkpoint with one text of its metadata changed. */
function withText(entry: string, change: (text: string) => string): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(smallCheckpoint()), 'x');
  metadata[entry] = change(metadata[entry] ?? '');
  return encodeSafetensors(tensors, metadata);
}

describe('a file that states much takes the memory of its size and a constant', () => {
  const whole = encodeCheckpoint(smallCheckpoint());
  const stating = (length: bigint) => {
    const bytes = Buffer.from(whole);
    bytes.writeBigUInt64LE(length);
    return bytes;
  };
  const huge = (shape: string, end: number) =>
    fileOf(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,${end}]}}`, new Uint8Array(4));
  it.each([
    ['a header of 2^53 bytes', stating(2n ** 53n)],
    ['a header of 2^63 bytes', stating(2n ** 63n)],
    ['a tensor of 2^53 bytes', huge('[2251799813685247]', 2 ** 53 - 4)],
    ['a tensor of millions of axes', huge(`[${'1,'.repeat(8e6)}1]`, 4)],
    ['a vocabulary of millions of numbers', withText('vocabulary', () => `[${'0,'.repeat(8e6)}0]`)],
    ['a vocabulary of as many numbers as may be', withText('vocabulary', () => `[${'0,'.repeat(1.19e6)}0]`)],
    ['a vocabulary of millions of lists', withText('vocabulary', () => `[${'[],'.repeat(5e6)}0]`)],
    ['millions of draws', withText('run', (text) => text.replace('"random":[', `"random":[${'0,'.repeat(8e6)}`))],
    ['millions of names', fileOf(`{${Array.from({ length: 1_500_000 }, (_, i) => `"${i}":0`).join()}}`)],
    ['a hundred thousand names', fileOf(`{${Array.from({ length: 99_000 }, (_, i) => `"${i}":0`).join()}}`)],
  ])('%s', (_what, bytes) => {
    const { outcome, grownMiB } = load(bytes);
    expect(outcome).toMatch(/^min-char-rnn: .* \(the file is damaged or not a checkpoint, so use another copy\)$/);
    expect(grownMiB).toBeLessThan(CONSTANT);
  });

  it('a header of 600 MB that is there', () => {
    const { outcome, grownMiB } = load(stating(600_000_000n), 600_000_008);
    expect(outcome).toContain('its header must have from 1 to 16777216 bytes; found: 600000000');
    expect(grownMiB).toBeLessThan(CONSTANT);
  });
});

it('a checkpoint of 128 MiB is loaded in the memory of its size and a little', () => {
  const checkpoint = smallCheckpoint();
  checkpoint.options.hiddenSize = 4092;
  const { vocabulary, options } = checkpoint;
  const [H, V, B] = [options.hiddenSize, vocabulary.size, options.batchSize];
  const shapes = { Wxh: [H, V], Whh: [H, H], Why: [V, H], bh: [H], by: [V] };
  const { metadata } = decodeSafetensors(encodeCheckpoint(smallCheckpoint()), 'x');
  const header: Record<string, unknown> = { __metadata__: { ...metadata, options: JSON.stringify(options) } };
  let end = 0;
  const add = (name: string, shape: NamedTensor['shape']) => {
    const begin = end;
    end += 4 * shape.reduce((product, length) => product * length, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  };
  for (const prefix of ['', 'm']) for (const [name, shape] of Object.entries(shapes)) add(prefix + name, shape);
  add('hidden', [B, H]);
  // Two squares of 4092, parameters and memories.
  const size = end / 2 ** 20;
  expect(size).toBeGreaterThan(127);
  const start = fileOf(JSON.stringify(header));
  const { outcome, grownMiB } = load(start, start.length + end);
  expect(outcome).toBe('taken');
  expect(grownMiB).toBeGreaterThan(size - 8);
  expect(grownMiB).toBeLessThan(size + 96);
});
