import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Streams } from '../../src/corpus/streams.js';
import { FileSymbols, type SymbolFile, SymbolFileWriter } from '../../src/corpus/symbol-file.js';
import type { SymbolArray, SymbolCursor, SymbolSource } from '../../src/corpus/symbols.js';
import { UserError } from '../../src/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'min-char-rnn-streams-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 0, 1, 2, ...: every symbol says where it stood. */
const counting = (length: number) => Int32Array.from({ length }, (_, i) => i);

interface Window {
  startsOver: boolean;
  inputs: number[];
  targets: number[];
}

/** The loop of the minimal program, word for word. */
function classicLoop(data: Int32Array, T: number, steps: number): Window[] {
  const windows: Window[] = [];
  let n = 0;
  let p = 0;
  while (n < steps) {
    const startsOver = p + T + 1 >= data.length || n === 0;
    if (startsOver) p = 0;
    windows.push({ startsOver, inputs: [...data.slice(p, p + T)], targets: [...data.slice(p + 1, p + T + 1)] });
    p += T;
    n += 1;
  }
  return windows;
}

function windowsOf(streams: Streams, steps: number): Window[] {
  return Array.from({ length: steps }, (_, step) => {
    const { inputs, targets } = filled(streams, step, 1);
    return { startsOver: step % streams.windowsPerEpoch === 0, inputs, targets };
  });
}

function filled(streams: Streams, step: number, count: number): { inputs: number[]; targets: number[] } {
  const inputs = new Int32Array(count * streams.seqLength * streams.batchSize).fill(-1);
  const targets = inputs.slice();
  streams.fill(step, count, inputs, targets);
  return { inputs: [...inputs], targets: [...targets] };
}

describe('one stream', () => {
  it('is the loop of the minimal program, for every length of text and window', () => {
    for (let T = 1; T <= 7; T++) {
      for (let length = T + 2; length < 5 * T + 4; length++) {
        const data = counting(length);
        const streams = new Streams(data, 1, T, 'text');
        expect(windowsOf(streams, 12), `T ${T}, ${length} symbols`).toEqual(classicLoop(data, T, 12));
      }
    }
  });

  it('has its positions at multiples of T', () => {
    const streams = new Streams(counting(25), 1, 5, 'text');
    expect(streams.windowsPerEpoch).toBe(4);
    expect([0, 1, 3, 4, 9].map((step) => streams.positionOf(step))).toEqual([0, 5, 15, 0, 5]);
  });

  it('has been read to the end of the last window, from which the minimal program starts over', () => {
    const streams = new Streams(counting(25), 1, 5, 'text');
    expect([0, 1, 3, 4, 5, 8].map((steps) => streams.positionAfter(steps))).toEqual([0, 5, 15, 20, 5, 20]);
    expect([0, 1, 4].map((steps) => streams.symbolAfter(steps))).toEqual([0, 5, 20]);
  });
});

describe('several streams', () => {
  const size = fc.record({ B: fc.integer({ min: 1, max: 5 }), T: fc.integer({ min: 1, max: 6 }), extra: fc.nat(40) });

  it('are the contiguous parts of the text, each read as if it were alone', () => {
    fc.assert(
      fc.property(size, ({ B, T, extra }) => {
        const data = counting(B * (T + 2) + extra);
        const streams = new Streams(data, B, T, 'text');
        const length = Math.floor(data.length / B);
        for (let step = 0; step < streams.windowsPerEpoch + 1; step++) {
          const together = filled(streams, step, 1);
          for (let b = 0; b < B; b++) {
            const alone = new Streams(data.slice(b * length, (b + 1) * length), 1, T, 'part');
            const column = (values: number[]) => values.filter((_, i) => i % B === b);
            const expected = filled(alone, step, 1);
            expect(column(together.inputs)).toEqual(expected.inputs);
            expect(column(together.targets)).toEqual(expected.targets);
          }
        }
      }),
    );
  });

  it('lie time-major: at each time the symbols of all streams side by side', () => {
    const streams = new Streams(counting(31), 3, 4, 'text');
    expect(streams.streamLength).toBe(10);
    const { inputs, targets } = filled(streams, 1, 1);
    expect(inputs).toEqual([4, 14, 24, 5, 15, 25, 6, 16, 26, 7, 17, 27]);
    expect(targets).toEqual(inputs.map((symbol) => symbol + 1));
  });

  it('fill several windows as one after another', () => {
    const streams = new Streams(counting(100), 2, 4, 'text');
    const together = filled(streams, 3, 4);
    const single = [3, 4, 5, 6].map((step) => filled(streams, step, 1));
    expect(together.inputs).toEqual(single.flatMap(({ inputs }) => inputs));
    expect(together.targets).toEqual(single.flatMap(({ targets }) => targets));
  });

  it('never read past the end of a text', () => {
    fc.assert(
      fc.property(size, ({ B, T, extra }) => {
        const streams = new Streams(counting(B * (T + 2) + extra).fill(1), B, T, 'text');
        const { inputs, targets } = filled(streams, 0, streams.windowsPerEpoch);
        expect([...inputs, ...targets].every((symbol) => symbol === 1)).toBe(true);
      }),
    );
  });
});

describe('a text in a file', () => {
  const shape = fc.record({
    B: fc.integer({ min: 1, max: 5 }),
    T: fc.integer({ min: 1, max: 9 }),
    extra: fc.nat(300),
    width: fc.constantFrom(1, 2, 4),
    blockBytes: fc.integer({ min: 1, max: 200 }),
    count: fc.integer({ min: 1, max: 3 }),
  });

  it('has the same windows as in memory, for any streams, windows and blocks', () => {
    fc.assert(
      fc.property(shape, ({ B, T, extra, width, blockBytes, count }) => {
        const data = scattered(B * (T + 2) + extra, width);
        const memory = new Streams(data, B, T, 'text');
        const file = new Streams(inBlocksOf(blockBytes, inFile(data)), B, T, 'text');
        for (let step = 0; step + count <= memory.windowsPerEpoch; step += count) {
          expect(filled(file, step, count)).toEqual(filled(memory, step, count));
          expect(file.symbolAfter(step)).toBe(memory.symbolAfter(step));
        }
        expect(filled(file, memory.windowsPerEpoch, 1)).toEqual(filled(memory, 0, 1));
      }),
    );
  });

  it('has the same parts as in memory', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), ({ T, extra, width, blockBytes }, a, b) => {
        const data = scattered(T + extra, width);
        const [start, end] = [a % data.length, b % data.length].sort((x, y) => x - y);
        const part = inBlocksOf(
          blockBytes,
          inFile(data)
            .part(start)
            .part(0, end - start),
        );
        expect(part.length).toBe(end - start);
        const cursor = part.cursor(0);
        for (let at = 0; at < part.length; at += T) {
          const count = Math.min(T, part.length - at);
          const first = cursor.seek(at, count);
          expect([...cursor.symbols.slice(first, first + count)]).toEqual([
            ...data.slice(start + at, start + at + count),
          ]);
        }
      }),
    );
  });

  it('is read ahead more and more, and at most so many bytes a stream are kept', () => {
    const source = inFile(scattered(3_000_000, 2));
    const cursors: SymbolCursor[] = [];
    const watched: SymbolSource = {
      length: source.length,
      part: (start, end) => source.part(start, end),
      cursor: (bytes) => {
        const cursor = source.cursor(bytes);
        cursors.push(cursor);
        return cursor;
      },
    };
    const streams = new Streams(watched, 100, 25, 'text');
    const held = () => cursors.reduce((sum, { symbols }) => sum + symbols.byteLength, 0);
    filled(streams, 0, 4);
    expect(cursors).toHaveLength(100);
    expect(held()).toBeLessThanOrEqual(2 ** 20);
    for (let step = 0; step < streams.windowsPerEpoch; step++) filled(streams, step, 1);
    expect(held()).toBeGreaterThan(2_000_000);
    expect(held()).toBeLessThanOrEqual(16 * 2 ** 20);
  });

  it('must stay as long as it was', () => {
    const data = scattered(5000, 1);
    const file = inFile(data);
    const { path } = written;
    const streams = new Streams(inBlocksOf(100, file), 1, 25, 'text');
    filled(streams, 0, 1);
    truncateSync(path, 2000);
    expect(() => filled(streams, 120, 1)).toThrow(UserError);
    expect(() => filled(streams, 120, 1)).toThrow(
      /encoded text must stay as it was written, .* shorter .* cache clear/,
    );
  });

  it('must hold nothing but its symbols', () => {
    const file = new FileSymbols(fileOf(Uint8Array.of(0, 1, 7, 1, 0)), Int32Array.of(1, 0), 2);
    expect(() => file.cursor(10).seek(0, 5)).toThrow(/holds symbols that the text does not have/);
  });
});

/** The last file that was written. */
const written = { path: '' };
const opened: SymbolFile[] = [];
afterEach(() => {
  for (const file of opened.splice(0)) file.close();
});

/** Symbols in a file of the running test. */
function fileOf(...pieces: SymbolArray[]): SymbolFile {
  written.path = join(folder, `${opened.length}.symbols`);
  rmSync(written.path, { force: true });
  const writer = new SymbolFileWriter(written.path);
  for (const piece of pieces) writer.write(piece);
  opened.push(writer.reading());
  return writer.reading();
}

/** Vocabulary indices below 200 in a file as another numbering, the later ones in wider pieces. */
function inFile(data: Int32Array): SymbolSource {
  const third = Math.floor(data.length / 3);
  const codes = data.map((symbol) => symbol ^ 1);
  const pieces = [Uint8Array.from(codes.subarray(0, third)), Uint16Array.from(codes.subarray(third, 2 * third))];
  const translation = Int32Array.from({ length: 200 }, (_, code) => code ^ 1);
  return new FileSymbols(fileOf(...pieces, codes.slice(2 * third)), translation, widest.value);
}

/** Size of the vocabulary that decides how wide symbols are in memory. */
const widest = { value: 200 };

function scattered(length: number, width: number): Int32Array {
  widest.value = width === 1 ? 200 : width === 2 ? 1000 : 100_000;
  return Int32Array.from({ length }, (_, i) => (i * i + 7 * i) % 199);
}

/** The same text, read in blocks of a size of the test's own choice. */
function inBlocksOf(bytes: number, source: SymbolSource): SymbolSource {
  return {
    length: source.length,
    part: (start, end) => inBlocksOf(bytes, source.part(start, end)),
    cursor: () => source.cursor(bytes),
  };
}

describe('a text that is too short', () => {
  it('has T + 1 symbols or fewer in a stream', () => {
    expect(() => new Streams(counting(27), 1, 25, 'a.txt')).not.toThrow();
    expect(() => new Streams(counting(26), 1, 25, 'a.txt')).toThrow(UserError);
    expect(() => new Streams(counting(26), 1, 25, 'a.txt')).toThrow(
      "the text must have more than 26 symbols (--seq-length + 1), but 'a.txt' has 26; " +
        'use a longer text or a smaller --seq-length',
    );
  });

  it('may be too short only for so many streams', () => {
    expect(() => new Streams(counting(28), 4, 5, 'a.txt')).not.toThrow();
    expect(() => new Streams(counting(27), 4, 5, 'a.txt')).toThrow(
      /more than 6 symbols \(--seq-length \+ 1\) in each of 4 streams, but 'a\.txt' has 27; .* or --batch-size$/,
    );
  });
});
