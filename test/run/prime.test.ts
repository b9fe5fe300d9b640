import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { UserError } from '../../src/errors.js';
import { readPrime } from '../../src/run/prime.js';
import { scratchFolder } from '../scratch-folder.js';

/** All bytes, so that an index is the byte itself. */
const BYTES = new Vocabulary(
  Array.from({ length: 0x100 }, (_, byte) => byte),
  'bytes',
);
const CHARACTERS = new Vocabulary([0x0a, 0x5c, 0x61, 0x78, 0xe9, 0xfeff], 'utf-8');

function file(content: string | Uint8Array): string {
  const path = join(scratchFolder(), 'prime');
  writeFileSync(path, content);
  return path;
}

const bytesOf = async (prime: string) => Buffer.from(await readPrime({ prime }, BYTES));
const charactersOf = async (prime: string) => CHARACTERS.decode(await readPrime({ prime }, CHARACTERS));

describe('the prime text of a model of bytes', () => {
  it('is any file, byte for byte', async () => {
    const all = Uint8Array.from({ length: 0x300 }, (_, i) => (i * 7) % 0x100);
    expect(Uint8Array.from(await readPrime({ primeFile: file(all) }, BYTES))).toEqual(all);
    const marked = Buffer.from('\ufeff\\xe9');
    expect(Buffer.from(await readPrime({ primeFile: file(marked) }, BYTES))).toEqual(marked);
  });

  it('is the UTF-8 of a text, in which an escape is a byte or a backslash', async () => {
    expect(await bytesOf('caf\\xe9 \\xFF\\x00é\n😀')).toEqual(
      Buffer.concat([Buffer.from('caf'), Buffer.of(0xe9, 0x20, 0xff, 0), Buffer.from('é\n😀')]),
    );
    expect((await bytesOf('\\\\xe9\\\\\\\\')).toString()).toBe('\\xe9\\\\');
  });

  it.each([
    ['a\\q', '\\q'],
    ['a\\', '\\'],
    ['\\xe', '\\xe'],
    ['\\xg1b', '\\xg1'],
    ['\\n\\xe9', '\\n\\x'],
  ])('is refused for a wrong escape: %j', async (prime, shown) => {
    await expect(readPrime({ prime }, BYTES)).rejects.toThrow(UserError);
    await expect(readPrime({ prime }, BYTES)).rejects.toThrow(
      `a backslash in --prime must begin \\x and two hexadecimal digits for this model of bytes, but got '${shown}'; ` +
        'write \\\\ for a backslash itself',
    );
  });

  it('is refused for a byte that the model does not know', async () => {
    const ascii = new Vocabulary([0x61, 0x62], 'bytes');
    await expect(readPrime({ prime: 'ab\\xe9' }, ascii)).rejects.toThrow('byte 0xE9 at position 2');
  });
});

describe('the prime text of a model of characters', () => {
  it('has no escapes', async () => {
    expect(await charactersOf('a\\xaé')).toBe('a\\xaé');
  });

  it('has no byte order mark at its start, but any other', async () => {
    expect(await charactersOf('\ufeffaé\ufeff')).toBe('aé\ufeff');
    const symbols = await readPrime({ primeFile: file('\ufeffaé\ufeff') }, CHARACTERS);
    expect(CHARACTERS.decode(symbols)).toBe('aé\ufeff');
    await expect(readPrime({ primeFile: file('\ufeff') }, CHARACTERS)).rejects.toThrow('must not be empty');
  });

  it('is refused by the name of a byte order mark within, where the model has none', async () => {
    const ascii = new Vocabulary([0x61, 0x62], 'utf-8');
    await expect(readPrime({ prime: '\ufeffab\ufeff' }, ascii)).rejects.toThrow(
      '"\ufeff" (U+FEFF, byte order mark) at position 2',
    );
  });

  it.each([
    [
      'UTF-16',
      Buffer.from('\ufeffaé', 'utf16le'),
      /; it seems to be UTF-16, so convert it \(iconv -f UTF-16 -t UTF-8\)$/,
    ],
    ['Latin-1', Buffer.from('aé', 'latin1'), /; convert it \(such as iconv -f LATIN1 -t UTF-8\)$/],
  ])('is refused in %s, with what to do', async (_, bytes, advice) => {
    const reading = readPrime({ primeFile: file(bytes) }, CHARACTERS);
    await expect(reading).rejects.toThrow(/^--prime-file must be UTF-8 text for this model, but '.*prime' is not; /);
    await expect(reading).rejects.toThrow(advice);
  });
});

it('without a prime text a model reads a newline, or its first symbol', async () => {
  expect(await readPrime({}, CHARACTERS)).toEqual(Int32Array.of(0));
  expect(await readPrime({}, BYTES)).toEqual(Int32Array.of(0x0a));
  expect(await readPrime({}, new Vocabulary([0x61, 0x62], 'utf-8'))).toEqual(Int32Array.of(0));
});
