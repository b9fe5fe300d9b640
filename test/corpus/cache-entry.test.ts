import { closeSync, openSync, writeFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Description, encodeDescription, MAGIC, readDescription } from '../../src/corpus/cache-entry.js';
import { scratchFolder } from '../scratch-folder.js';

/** Ten symbols in two segments: six of a byte, then four of two. */
const WHOLE: Description = {
  endianness: endianness(),
  sources: [{ path: '/texts/a.txt', stamp: '14 1 2' }],
  text: {
    encoding: 'utf-8',
    hash: 'a'.repeat(64),
    length: 10,
    symbols: [0x61, 0x10ffff],
    counts: [6, 4],
    firstPositions: [0, 6],
  },
  segments: [
    { width: 1, start: 0, offset: 16 },
    { width: 2, start: 6, offset: 22 },
  ],
};

/** What is read of an entry with so many bytes of symbols and such a description. */
function read(bytes: number, description: Description, before = MAGIC): Description | undefined {
  const path = join(scratchFolder(), 'entry');
  writeFileSync(path, Buffer.concat([before, Buffer.alloc(bytes), encodeDescription(description)]));
  const fd = openSync(path, 'r');
  try {
    return readDescription(fd);
  } finally {
    closeSync(fd);
  }
}

const withSegments = (...segments: Description['segments']): Description => ({ ...WHOLE, segments });
const withText = (text: Partial<Description['text']>): Description => ({ ...WHOLE, text: { ...WHOLE.text, ...text } });

describe('an entry of the cache', () => {
  it('is read where its segments fill it and its numbers can be those of a text', () => {
    expect(read(14, WHOLE)).toEqual(WHOLE);
    const empty = { ...withText({ length: 0, symbols: [], counts: [], firstPositions: [] }), segments: [] };
    expect(read(0, empty)).toEqual(empty);
  });

  it.each<[string, number, Description]>([
    ['begins with its second symbol', 9, withSegments({ width: 1, start: 1, offset: 16 })],
    ['begins after a gap', 11, withSegments({ width: 1, start: 0, offset: 17 })],
    [
      'leaves out a symbol between segments',
      13,
      withSegments({ width: 1, start: 0, offset: 16 }, { width: 2, start: 6, offset: 21 }),
    ],
    [
      'has a segment of no symbols',
      10,
      withSegments({ width: 2, start: 0, offset: 16 }, { width: 1, start: 0, offset: 16 }),
    ],
    [
      'has a segment that ends before it begins',
      14,
      withSegments(
        { width: 1, start: 0, offset: 16 },
        { width: 1, start: 7, offset: 23 },
        { width: 2, start: 6, offset: 22 },
      ),
    ],
    ['has fewer bytes than symbols', 13, WHOLE],
    ['has more bytes than symbols', 15, WHOLE],
    ['has no symbols for its length', 0, withSegments()],
    ['has counts that do not add up', 14, withText({ counts: [6, 5] })],
    ['lacks a count', 14, withText({ counts: [10] })],
    ['lacks a first position', 14, withText({ firstPositions: [0] })],
    ['has a symbol twice', 14, withText({ symbols: [0x61, 0x61] })],
    ['has a symbol beyond Unicode', 14, withText({ symbols: [0x61, 0x110000] })],
    ['has a byte beyond 255', 14, withText({ encoding: 'bytes', symbols: [0x61, 0x100] })],
    ['has a hash that is none', 14, withText({ hash: `${'a'.repeat(63)}g` })],
    ['has a hash that is too long', 14, withText({ hash: 'a'.repeat(65) })],
  ])('is not read where it %s', (_what, bytes, description) => {
    expect(read(bytes, description)).toBeUndefined();
  });

  it('takes any byte for a symbol of bytes', () => {
    expect(read(14, withText({ encoding: 'bytes', symbols: [0, 0xff] }))).toBeDefined();
  });

  it('is not read without its first line, or where that alone is there', () => {
    expect(read(14, WHOLE, Buffer.alloc(16))).toBeUndefined();
    const path = join(scratchFolder(), 'entry');
    for (const content of [MAGIC, Buffer.concat([MAGIC, MAGIC]), Buffer.concat([MAGIC, Buffer.alloc(8), MAGIC])]) {
      writeFileSync(path, content);
      const fd = openSync(path, 'r');
      expect(readDescription(fd)).toBeUndefined();
      closeSync(fd);
    }
  });
});
