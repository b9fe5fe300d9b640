import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusFromBytes } from '../../src/corpus/corpus.js';
import { describeSymbol, Vocabulary } from '../../src/corpus/vocabulary.js';
import { UserError } from '../../src/errors.js';
import type { Encoding } from '../../src/options/choices.js';

const corpusOf = (text: string | Uint8Array, encoding: Encoding = 'utf-8', vocabulary?: Vocabulary) =>
  corpusFromBytes(Buffer.from(text), 'some.txt', encoding, vocabulary);

const codePoints = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);

describe('the vocabulary of a text', () => {
  it('is its distinct characters in the order of their code points, not of UTF-16 units or of the text', () => {
    // U+FF5E has larger UTF-16 units than U+1F600, whose surrogates start at D83D.
    const { vocabulary, symbols } = corpusOf('b😀ab～ä\na');
    expect(vocabulary.symbols).toEqual(codePoints('\nabä～😀'));
    expect([...symbols]).toEqual([2, 5, 1, 2, 4, 3, 0, 1]);
  });

  it('does not depend on the order of the text', () => {
    const text = Array.from('zß\u0000😀～aéz\n𝔘');
    const [one, other] = [text, text.toReversed()].map((order) => corpusOf(order.join('')).vocabulary.symbols);
    expect(one).toEqual(other);
    expect(one).toEqual([...new Set(codePoints(text.join('')))].sort((a, b) => a - b));
  });

  it('is the distinct bytes in bytes mode', () => {
    const { vocabulary, symbols } = corpusOf(Uint8Array.of(0xff, 0, 0xc3, 0xff), 'bytes');
    expect(vocabulary.symbols).toEqual([0, 0xc3, 0xff]);
    expect([...symbols]).toEqual([2, 0, 1, 2]);
  });

  it('has indices of the width that it needs', () => {
    const wide = (size: number) => String.fromCodePoint(...Array.from({ length: size }, (_, i) => 0x20000 + i));
    expect(corpusOf(wide(256)).symbols).toBeInstanceOf(Uint8Array);
    const { symbols, vocabulary } = corpusOf(wide(257));
    expect(symbols).toBeInstanceOf(Uint16Array);
    expect([vocabulary.size, symbols[256]]).toEqual([257, 256]);
  });

  it('may be given, as a checkpoint does: then the text is encoded by it', () => {
    const given = new Vocabulary(codePoints('zyx'), 'utf-8');
    const { vocabulary, symbols } = corpusOf('xyzzy', 'utf-8', given);
    expect(vocabulary).toBe(given);
    expect([...symbols]).toEqual([2, 1, 0, 0, 1]);
  });
});

describe('a text that cannot be encoded', () => {
  const given = new Vocabulary(codePoints('ab'), 'utf-8');

  it.each([
    [
      'a corpus whose symbol the vocabulary lacks',
      () => corpusOf('ab😀c', 'utf-8', given),
      /"😀" \(U\+1F600\) at position 2/,
    ],
    ['an empty corpus', () => corpusOf(''), /'some\.txt' is empty/],
    [
      'a corpus that is not UTF-8',
      () => corpusOf(Uint8Array.of(97, 0xff)),
      /byte 0xFF at offset 1; .*--encoding bytes/,
    ],
    ['a prime text whose symbol it lacks', () => given.encode('a😀?'), /"😀" \(U\+1F600\) at position 1.*2 symbols/],
    ['bytes that it lacks', () => new Vocabulary([97], 'bytes').encode('aä'), /byte 0xC3 at position 1/],
  ])('is a mistake of the user: %s', (_, encode, message) => {
    expect(encode).toThrow(UserError);
    expect(encode).toThrow(message);
  });

  it('names the position in characters, not in UTF-16 units', () => {
    const { vocabulary } = corpusOf('😀');
    expect(() => vocabulary.encode('😀😀x')).toThrow(/"x" \(U\+0078\) at position 2/);
  });

  it('shows symbols that cannot be seen escaped', () => {
    expect(describeSymbol(0x0a, 'utf-8')).toBe('"\\n" (U+000A)');
    expect(describeSymbol(0x0a, 'bytes')).toBe('byte 0x0A');
    expect(describeSymbol(0xfeff, 'utf-8')).toBe('"\ufeff" (U+FEFF, byte order mark)');
  });
});

describe('encoding and decoding', () => {
  it('gives any text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('utf-8', 'bytes'), (text, encoding) => {
        const { vocabulary, symbols } = corpusOf(text, encoding);
        expect(vocabulary.decode(symbols)).toBe(text);
        expect([...vocabulary.encode(text)]).toEqual([...symbols]);
      }),
      { numRuns: 10 },
    );
  });

  it('shows bytes that are no text as replacement characters', () => {
    const { vocabulary } = corpusOf(Uint8Array.of(0x61, 0xff), 'bytes');
    expect(vocabulary.decode([1, 0])).toBe('\ufffda');
  });

  it('has an index for every symbol and none for others', () => {
    const { vocabulary } = corpusOf('a😀');
    expect([0x61, 0x1f600, 0x62].map((symbol) => vocabulary.indexOf(symbol))).toEqual([0, 1, undefined]);
  });
});
