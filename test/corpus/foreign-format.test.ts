import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { corpusFromBytes } from '../../src/corpus/corpus.js';
import { requireUtf8 } from '../../src/corpus/foreign-format.js';

const TEXT = 'the räin in späin falls mainly\r\n'.repeat(9);

const utf16le = Buffer.from(TEXT, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();
const utf32le = Buffer.from(Uint32Array.from(TEXT, (character) => character.codePointAt(0) ?? 0).buffer);
const utf32be = Buffer.from(utf32le).swap32();

/** Bytes in hexadecimal, then those of compressed text. */
const packed = (start: string) => Buffer.concat([Buffer.from(start, 'hex'), deflateRawSync(TEXT)]);
const marked = (start: string, text: Buffer) => Buffer.concat([Buffer.from(start, 'hex'), text]);

const FILES: [string, Uint8Array, RegExp][] = [
  ['UTF-16, little-endian', marked('fffe', utf16le), /UTF-16, so convert it \(iconv -f UTF-16 -t UTF-8\)$/],
  ['UTF-16, big-endian', marked('feff', utf16be), /UTF-16, so convert it \(iconv -f UTF-16 -t UTF-8\)$/],
  ['UTF-32, little-endian', marked('fffe0000', utf32le), /UTF-32, so convert it \(iconv -f UTF-32 -t UTF-8\)$/],
  ['UTF-32, big-endian', marked('0000feff', utf32be), /UTF-32, so convert it \(iconv -f UTF-32 -t UTF-8\)$/],
  ['UTF-16 without a mark, little-endian', utf16le, /convert it \(iconv -f UTF-16LE -t UTF-8\)$/],
  ['UTF-16 without a mark, big-endian', utf16be, /convert it \(iconv -f UTF-16BE -t UTF-8\)$/],
  ['gzip data', gzipSync(TEXT), /gzip data, so unpack it \(zcat\), or let its name end in \.gz$/],
  ['bzip2 data', packed('425a6839314159265359'), /bzip2 data, so unpack it \(bzcat\)$/],
  ['xz data', packed('fd377a585a000004'), /xz data, so unpack it \(xzcat\)$/],
  ['zstd data', packed('28b52ffd'), /zstd data, so unpack it \(zstdcat\)$/],
  ['a zip archive', packed('504b030414000000'), /zip archive, so unpack it \(unzip\)$/],
  ['a checkpoint', encodeSafetensors(new Map([['a', { shape: [1], values: Float32Array.of(-1) }]]), {}), /a checkpoint, so name a text \(a checkpoint goes after --resume\)$/], // prettier-ignore
  ['a PDF', packed('255044462d312e370a25e2e3cfd3'), /a PDF, so take the text out of it \(pdftotext\)$/],
];

describe('a file that is not UTF-8', () => {
  it.each(FILES)('is refused as %s, with what makes text of it', (_, bytes, advice) => {
    const reading = () => corpusFromBytes(bytes, 'a.txt', 'utf-8');
    expect(reading).toThrow(/^the corpus must be UTF-8 text, but 'a\.txt' has an invalid byte 0x/);
    expect(reading).toThrow(advice);
    expect(() => requireUtf8(bytes, 'it must')).toThrow(advice);
  });

  it('is refused with a guess where nothing shows what it is, as of a byte alone', () => {
    for (const bytes of [Buffer.from('Grün', 'latin1'), Buffer.of(0xff), Buffer.of(0, 0, 0xe4, 0x61)]) {
      const advice = /; convert it \(such as iconv -f LATIN1 -t UTF-8\) or use --encoding bytes$/;
      expect(() => corpusFromBytes(bytes, 'a.txt', 'utf-8')).toThrow(advice);
    }
  });
});

it('text in UTF-8 is taken without the byte order mark at its start', () => {
  expect(requireUtf8(Buffer.from('\ufeffä\ufeff'), '')).toEqual(Buffer.from('ä\ufeff'));
  expect(requireUtf8(Buffer.from('ä'), '')).toEqual(Buffer.from('ä'));
});

it('text that only begins like a packed file is text', () => {
  for (const text of ['BZh9 is how bzip2 begins', 'PK\u0003\u0004', '%PDF-1.7', '\0a\0b']) {
    expect(corpusFromBytes(Buffer.from(text), 'a.txt', 'utf-8').symbols).toHaveLength(text.length);
  }
});
