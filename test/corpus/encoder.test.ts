import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SymbolEncoder, type TextStatistics } from '../../src/corpus/encoder.js';
import type { SymbolArray } from '../../src/corpus/symbols.js';
import { firstInvalidByte } from '../../src/corpus/utf8.js';
import type { Encoding } from '../../src/options/choices.js';

/** Files in blocks, encoded: the symbols themselves and what is known of them. */
function encoded(files: readonly (readonly Uint8Array[])[], encoding: Encoding = 'utf-8') {
  const pieces: SymbolArray[] = [];
  const encoder = new SymbolEncoder(encoding, (piece) => pieces.push(piece));
  files.forEach((blocks, i) => {
    for (const block of blocks) {
      const reused = Uint8Array.from(block);
      encoder.write(reused, `file ${i}`);
      // What was given may be filled again at once.
      reused.fill(0xff);
    }
    encoder.endFile(`file ${i}`);
  });
  const text = encoder.statistics();
  return { text, pieces, symbols: pieces.flatMap((piece) => Array.from(piece, (index) => text.symbols[index])) };
}

/** Bytes cut at places that are taken modulo the length. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

/** A byte order mark at the start of a text. */
const MARK = /^\ufeff/;
const codePoints = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const anyCuts = fc.array(fc.nat(), { maxLength: 8 });
const anyBytes = fc.uint8Array({ maxLength: 30 });

describe('a text in blocks', () => {
  it('has the symbols of the whole text, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyCuts), { maxLength: 4 }), (files) => {
        const { symbols, text } = encoded(files.map(([file, cuts]) => cutAt(Buffer.from(file), cuts)));
        const whole = files.map(([file]) => file.replace(MARK, '')).join('');
        expect(symbols).toEqual(codePoints(whole));
        expect(text.length).toBe(symbols.length);
        expect(text.hash).toBe(createHash('sha256').update(whole).digest('hex'));
      }),
      { numRuns: 300 },
    );
  });

  it('has no byte order mark at the start of a file, wherever it is cut, but any other U+FEFF', () => {
    const files = ['\ufeffa\ufeffb', '\ufeff\ufeffc', '', '\ufeff', 'd\ufeff'];
    for (const cuts of [[], [1], [2], [3], [4], [1, 2, 3, 4], [0, 0, 3, 3]]) {
      const { symbols, text } = encoded(files.map((file) => cutAt(Buffer.from(file), cuts)));
      const kept = 'a\ufeffb\ufeffcd\ufeff';
      expect(symbols).toEqual(codePoints(kept));
      expect(text.hash).toBe(createHash('sha256').update(kept).digest('hex'));
      expect(text.firstPositions).toEqual([0, 1, 2, 4, 5]);
    }
  });

  it('has the bytes of a byte order mark in bytes mode', () => {
    const bytes = Buffer.from('\ufeffa');
    const { symbols, text } = encoded([[bytes]], 'bytes');
    expect(symbols).toEqual([0xef, 0xbb, 0xbf, 0x61]);
    expect(text.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('has the offset of a wrong byte counted from the start of the file, with its byte order mark', () => {
    const file = Buffer.concat([Buffer.from('\ufeffab'), Buffer.of(0xff, 0x61)]);
    expect(() => encoded([cutAt(file, [2, 4])])).toThrow('invalid byte 0xFF at offset 5;');
  });

  it('is read byte by byte in bytes mode', () => {
    fc.assert(
      fc.property(anyBytes, anyCuts, (bytes, cuts) => {
        expect(encoded([cutAt(bytes, cuts)], 'bytes').symbols).toEqual([...bytes]);
      }),
    );
  });

  it('is refused at the same byte as the whole text, wherever it is cut', () => {
    const almostText = fc.tuple(anyText, fc.nat(), fc.nat(255)).map(([text, place, byte]) => {
      const bytes = Uint8Array.from(Buffer.from(`${text}ä€😀`));
      bytes[place % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(anyBytes, almostText), anyCuts, (bytes, cuts) => {
        const offset = firstInvalidByte(bytes);
        const encode = () => encoded([cutAt(Buffer.from('ä'), [1]), cutAt(bytes, cuts)]);
        if (offset < 0) expect(encode).not.toThrow();
        else expect(encode).toThrow(new RegExp(`'file 1' has an invalid byte 0x[0-9A-F]{2} at offset ${offset};`));
      }),
      { numRuns: 500 },
    );
  });

  it('has offsets beyond the first of the pieces that it is worked on in', () => {
    const far = Buffer.alloc(2_500_001, 'a€');
    const at = 2_400_000;
    far[at] = 0xff;
    expect(() => encoded([cutAt(far, [1_000_000, 1_000_001])])).toThrow(`invalid byte 0xFF at offset ${at};`);
  });

  it('must end with a whole character in every file, also where the next file would complete it', () => {
    const [euro] = [Buffer.from('€')];
    const files = [[Buffer.from('ab'), euro.subarray(0, 2)], [euro.subarray(2)]];
    expect(() => encoded(files)).toThrow("'file 0' has an invalid byte 0xE2 at offset 2;");
  });
});

describe('what is known of a text', () => {
  it('is how often each symbol comes, and where first', () => {
    const { text } = encoded([[Buffer.from('b😀ab'), Buffer.from('～ä\na')], [Buffer.from('ä')]]);
    const expected: Partial<TextStatistics> = {
      symbols: codePoints('b😀a～ä\n'),
      counts: [2, 1, 2, 1, 2, 1],
      firstPositions: [0, 1, 2, 4, 5, 6],
      length: 9,
    };
    expect(text).toMatchObject(expected);
  });

  it('is the same for any blocks', () => {
    fc.assert(
      fc.property(anyText, anyCuts, (text, cuts) => {
        const bytes = Buffer.from(text);
        expect(encoded([cutAt(bytes, cuts)]).text).toEqual(encoded([[bytes]]).text);
      }),
    );
  });
});

describe('the width of symbols', () => {
  const wide = (from: number, size: number) =>
    Buffer.from(Array.from({ length: size }, (_, i) => String.fromCodePoint(0x20000 + from + i)).join(''));

  it('grows when the 257th and when the 65,537th symbol turns up', () => {
    const blocks = [wide(0, 256), wide(256, 1), wide(0, 1), wide(257, 65_279), wide(65_536, 1), wide(0, 1)];
    const { pieces, symbols } = encoded([blocks]);
    expect(pieces.map((piece) => piece.BYTES_PER_ELEMENT)).toEqual([1, 2, 2, 2, 4, 4]);
    expect(symbols).toEqual(codePoints(Buffer.concat(blocks).toString()));
  });
});
