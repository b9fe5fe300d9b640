import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { truncateSync, writeFileSync } from 'node:fs';
import { type FileReadOptions, open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_HEADER_BYTES } from '../../src/checkpoint/safetensors-header.js';
import { decodeSafetensors, encodeSafetensors, readSafetensors } from '../../src/checkpoint/safetensors.js';
import type { NamedTensor } from '../../src/checkpoint/safetensors.js';
import { UserError } from '../../src/errors.js';
import { memoryOfMachine } from '../../src/system/memory.js';
import { scratchFolder } from '../scratch-folder.js';
import { corruptFiles } from './corrupt-files.js';
import { outcomeOf } from '../fuzz/safetensors-target.js';
import { contents, fileOf, plain } from './safetensors-arbitrary.js';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const small = encodeSafetensors(
  new Map<string, NamedTensor>([
    ['Wxh', { shape: [2, 3], values: new Float32Array([1, -2, 3, -4, 5, -6]) }],
    ['none', { shape: [0, 4], values: new Float32Array() }],
    ['scalar', { shape: [], values: new Float32Array([7]) }],
  ]),
  { step: '100', vocabulary: '["\\n","é"]' },
);

function refusal(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, 'some.safetensors');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe('what was written', () => {
  it('comes back with every bit, name, shape and text the same', () => {
    fc.assert(
      fc.property(contents, (written) => {
        const bytes = encodeSafetensors(written.tensors, written.metadata);
        expect(plain(decodeSafetensors(bytes, 'f'))).toEqual(plain(written));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('keeps NaN payloads, signalling NaNs, -0, subnormals and infinities', () => {
    const bits = new Uint32Array([
      0x7fc12345, 0xffc00001, 0x7f800001, 0x80000000, 1, 0x807fffff, 0x7f800000, 0xff800000,
    ]);
    const bytes = encodeSafetensors(new Map([['a', { shape: [8], values: new Float32Array(bits.buffer) }]]), {});
    const values = decodeSafetensors(bytes, 'f').tensors.get('a')?.values ?? new Float32Array();
    expect([...new Uint32Array(values.buffer)]).toEqual([...bits]);
  });

  it('is laid out as the format says: length, padded header, little-endian values', () => {
    const bytes = encodeSafetensors(new Map([['a', { shape: [2], values: new Float32Array([1, -2]) }]]), { b: 'c' });
    const header = '{"__metadata__":{"b":"c"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const length = Math.ceil(header.length / 8) * 8;
    expect([...bytes.subarray(0, 8)]).toEqual([length, 0, 0, 0, 0, 0, 0, 0]);
    expect(Buffer.from(bytes.subarray(8, 8 + length)).toString()).toBe(header.padEnd(length));
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('has no metadata entry when there is none to write', () => {
    expect(encodeSafetensors(new Map(), {})).toEqual(fileOf('{}      '));
  });

  it('takes only the part of a buffer that a view shows', () => {
    const values = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const bytes = encodeSafetensors(new Map([['a', { shape: [2], values }]]), {});
    expect(decodeSafetensors(bytes, 'f').tensors.get('a')?.values).toEqual(new Float32Array([1, 2]));
  });

  it.each<[string, Map<string, NamedTensor>, Record<string, string>]>([
    ['a shape that its values do not fill', new Map([['a', { shape: [3], values: new Float32Array(2) }]]), {}],
    ['a shape with a fraction', new Map([['a', { shape: [0.5, 4], values: new Float32Array(2) }]]), {}],
    ['a tensor called __metadata__', new Map([['__metadata__', { shape: [0], values: new Float32Array() }]]), {}],
    ['a name with half a surrogate pair', new Map([['\ud800', { shape: [0], values: new Float32Array() }]]), {}],
    ['text with half a surrogate pair', new Map(), { a: '\udc00' }],
    ['a header longer than the reader takes', new Map(), { a: 'x'.repeat(MAX_HEADER_BYTES) }],
  ])('is never %s: that is a mistake of the program', (_, tensors, metadata) => {
    expect(() => encodeSafetensors(tensors, metadata)).toThrow(RangeError);
  });
});

describe('what is read', () => {
  it('is its own: changing the file afterwards changes nothing', () => {
    const bytes = small.slice();
    const { tensors } = decodeSafetensors(bytes, 'f');
    bytes.fill(0);
    expect(tensors.get('Wxh')).toEqual({ shape: [2, 3], values: new Float32Array([1, -2, 3, -4, 5, -6]) });
  });

  it('may lie anywhere in a larger buffer', () => {
    const larger = new Uint8Array(small.length + 7);
    larger.set(small, 3);
    const found = decodeSafetensors(larger.subarray(3, 3 + small.length), 'f');
    expect(plain(found)).toEqual(plain(decodeSafetensors(small, 'f')));
  });

  it('comes in the order of the data, not of the header', () => {
    const entry = (begin: number) => `{"dtype":"F32","shape":[1],"data_offsets":[${begin},${begin + 4}]}`;
    const bytes = fileOf(`{"a":${entry(4)},"1":${entry(8)},"b":${entry(0)}}`, new Uint8Array(12));
    expect([...decodeSafetensors(bytes, 'f').tensors.keys()]).toEqual(['b', 'a', '1']);
  });

  it('may have a header of any length and say more of a tensor than we know', () => {
    const bytes = fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"new":["x"]}}  \n', new Uint8Array(4));
    expect(decodeSafetensors(bytes, 'f').tensors.get('a')?.values).toEqual(new Float32Array(1));
  });

  it('cannot reach a prototype through any name', () => {
    const entry = '{"dtype":"F32","shape":[0],"data_offsets":[0,0]}';
    const names = ['__proto__', 'constructor', 'toString'];
    const header = names.map((name) => `"${name}":${entry}`).join(',');
    const file = fileOf(`{"__metadata__":{"__proto__":"text"},${header}}`);
    const { tensors, metadata } = decodeSafetensors(file, 'f');
    expect([...tensors.keys()]).toEqual(names);
    expect(Object.entries(metadata)).toEqual([['__proto__', 'text']]);
    expect('toString' in metadata).toBe(false);
    expect(Object.hasOwn(Object.prototype, 'dtype')).toBe(false);
  });

  it('is the same on a big-endian machine, and little-endian in the file', () => {
    const swapped = (bytes: Uint8Array) => Buffer.from(bytes).swap32();
    vi.spyOn(os, 'endianness').mockReturnValue('BE');
    syncBuiltinESMExports();
    const values = new Float32Array([1, -2]);
    const bytes = encodeSafetensors(new Map([['a', { shape: [2], values }]]), {});
    // This machine's floats stand for that one's, so the bytes in the file must be the other way round.
    expect(swapped(bytes.subarray(-8))).toEqual(Buffer.from(values.buffer));
    expect(decodeSafetensors(bytes, 'f').tensors.get('a')?.values).toEqual(values);
  });
});

describe('a damaged file', () => {
  it.each(corruptFiles)('is refused when it is $name', ({ bytes, message }) => {
    const found = refusal(bytes);
    expect(found).toContain(message);
    expect(found).toMatch(
      /^some\.safetensors: .*; found: .* \(the file is damaged or not a checkpoint, so use another copy\)$/,
    );
  });

  it('is refused when it is cut off after any byte', () => {
    for (let length = 0; length < small.length; length++) {
      expect(refusal(small.subarray(0, length)), `cut after ${length} bytes`).toContain('; found: ');
    }
    expect(refusal(small)).toBe('not refused');
  });

  it('is read or refused, and nothing else, whatever a byte before the data is changed to', () => {
    const headerEnd = small.length - 28;
    const counts = { taken: 0, refused: 0 };
    for (let at = 0; at < headerEnd; at++) {
      for (let change = 1; change < 256; change++) {
        const bytes = small.slice();
        bytes[at] = (bytes[at] ?? 0) ^ change;
        counts[outcomeOf(bytes)]++;
      }
    }
    expect(counts.taken + counts.refused).toBe(headerEnd * 255);
    expect(counts.taken).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(counts.taken);
  });

  it('costs no more memory than its size and a constant, whatever sizes it states', () => {
    const header = '{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}';
    const before = process.memoryUsage().rss;
    expect(refusal(fileOf(header, new Uint8Array(8)))).toContain('4000000000 bytes in all; found: 8');
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('cannot put control characters or a flood of text into the message', () => {
    const header = JSON.stringify({ ['\u001b[31m\u009b\u2028\n'.repeat(1000)]: 1 });
    expect(refusal(fileOf(header))).toMatch(/^\P{C}{1,300}$/u);
  });
});

describe('reading a file', () => {
  it('refuses one that is larger than the memory, before its tensors are read', async () => {
    const path = join(scratchFolder(), 'immense.safetensors');
    const values = Math.ceil(memoryOfMachine() / 4);
    const header = JSON.stringify({ a: { dtype: 'F32', shape: [values], data_offsets: [0, 4 * values] } });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(path, Buffer.concat([length, Buffer.from(header)]));
    truncateSync(path, 8 + header.length + 4 * values);
    await expect(readSafetensors(path)).rejects.toThrow(UserError);
    await expect(readSafetensors(path)).rejects.toThrow(/immense.safetensors: it must fit into memory, but has .* GiB/);
  });

  it('reads on where the system gives less at a time than it was asked for', async () => {
    const path = join(scratchFolder(), 'slow.safetensors');
    writeFileSync(path, small);
    const file = await open(path);
    const files = Object.getPrototypeOf(file) as { read: (bytes: Uint8Array, piece: FileReadOptions) => unknown };
    await file.close();
    const { read } = files;
    vi.spyOn(files, 'read').mockImplementation(function (this: object, bytes, piece) {
      return read.call(this, bytes, { ...piece, length: Math.min(piece.length ?? 0, 5) });
    });
    expect(await readSafetensors(path)).toEqual(decodeSafetensors(small, path));
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe at once, although nothing is written to it', async () => {
    const path = join(scratchFolder(), 'pipe.safetensors');
    execFileSync('mkfifo', [path]);
    const line = `${path}: it must be a plain file, but is not; check the path`;
    await expect(readSafetensors(path)).rejects.toThrow(new UserError(line));
  });
});
