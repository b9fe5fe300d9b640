import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CachePlace, listCache } from '../../src/corpus/cache.js';
import { translationFor } from '../../src/corpus/translation.js';
import { SymbolEncoder } from '../../src/corpus/encoder.js';
import { FileSymbols } from '../../src/corpus/symbol-file.js';
import { anyEdit, type Edit, edited } from './edits.js';
import { jsonEdit } from './hostile.js';
import { checkLine, checkRefusal } from './refusal.js';
import { scratch } from './scratch.js';
import type { FuzzTarget, Outcome } from './target.js';
import type { Encoding } from '../../src/options/choices.js';

const folder = join(scratch(), 'cache');

const NAME = '/texts/some.txt';
const file = { path: NAME, name: NAME, gzip: false, pipe: false, size: 1, stamp: '1 2 3' };

function placeFor(encoding: Encoding): CachePlace {
  const place = CachePlace.of(folder, [NAME], [file], encoding);
  if (!place) throw new Error('a plain file must have a place');
  return place;
}

/** The bytes of an entry as the program writes it. */
async function entryOf(text: string, encoding: Encoding): Promise<Uint8Array> {
  const place = placeFor(encoding);
  const writer = place.begin();
  const encoder = new SymbolEncoder(encoding, (piece) => writer.write(piece));
  // In two blocks, so that the second may need wider symbols.
  const half = Math.floor(text.length / 2);
  for (const part of [text.slice(0, half), text.slice(half)]) encoder.write(Buffer.from(part), NAME);
  await place.finish(writer, encoder.statistics());
  writer.reading().close();
  return readFileSync(place.path);
}

const wide = String.fromCodePoint(...Array.from({ length: 400 }, (_, i) => 0x100 + i));
const whole = [
  await entryOf('a text with a few symbols\n', 'utf-8'),
  await entryOf(`narrow, then wide: ${wide}`, 'utf-8'),
  await entryOf('bytes: \0 ä', 'bytes'),
];

/** An edit of the description alone that keeps its stated length right. */
function onDescription(edit: (text: string) => string): Edit {
  return (bytes) => {
    const end = bytes.length - 24;
    const start = end < 0 ? -1 : end - Number(Buffer.from(bytes).readBigUInt64LE(end));
    if (start < 0) return bytes;
    const json = Buffer.from(edit(Buffer.from(bytes.subarray(start, end)).toString()));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([bytes.subarray(0, start), json, size, bytes.subarray(end + 8)]);
  };
}

/** Puts another number in place of any one of the description. */
const numberEdit = fc
  .tuple(
    fc.nat(2000),
    fc.oneof(fc.nat(300), fc.constantFrom(-1, 0.5, 0xd800, 0x10ffff, 0x110000, 2 ** 31, 2 ** 53, 1e308)),
  )
  .map(([index, value]) => (text: string) => {
    const numbers = [...text.matchAll(/(?<=[:,[])\d+(?=[,\]}])/g)];
    const match = numbers[index % Math.max(1, numbers.length)];
    return match ? text.slice(0, match.index) + String(value) + text.slice(match.index + match[0].length) : text;
  });

/** Bytes of the symbols, whose description stays as it is. */
const symbolEdit: fc.Arbitrary<Edit> = fc.tuple(fc.nat(30), fc.nat(255)).map(([at, byte]) => (bytes) => {
  const changed = Uint8Array.from(bytes);
  if (16 + at < changed.length) changed[16 + at] = byte;
  return changed;
});

const damagedEntry = fc
  .tuple(
    fc.nat(whole.length - 1),
    fc.array(
      fc.oneof(
        { arbitrary: numberEdit.map(onDescription), weight: 4 },
        { arbitrary: jsonEdit.map(onDescription), weight: 2 },
        { arbitrary: symbolEdit, weight: 3 },
        { arbitrary: anyEdit, weight: 1 },
      ),
      { maxLength: 3 },
    ),
  )
  .map(([which, edits]) => ({ which, bytes: new Uint8Array(edited(whole[which], edits)) }));

interface EntryInput {
  /** Of the whole entries, which says the encoding and so the place. */
  which: number;
  bytes: Uint8Array;
}

function check({ which, bytes }: EntryInput): Outcome {
  const place = placeFor(which === 2 ? 'bytes' : 'utf-8');
  writeFileSync(place.path, bytes);
  for (const { sources = [] } of listCache(folder)) sources.forEach((source) => JSON.stringify(source));
  const cached = place.open();
  // It is written again.
  if (!cached) return 'refused';
  try {
    const { vocabulary, translation } = translationFor(cached.text, NAME, {});
    if (new Set(vocabulary.symbols).size < vocabulary.size) throw new Error('a symbol must come once');
    const { length } = cached.file;
    const symbols = new FileSymbols(cached.file, translation, vocabulary.size).cursor(100);
    const first = symbols.seek(0, length);
    const read = symbols.symbols.subarray(first, first + length);
    if (read.length < length) throw new Error('all of the text must be there');
    checkLine(JSON.stringify(vocabulary.decode(read.subarray(0, 100))).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ''));
    if (read.some((symbol) => symbol >= vocabulary.size)) throw new Error('a symbol must be in the vocabulary');
    return 'taken';
  } catch (error) {
    return checkRefusal(error);
  } finally {
    cached.file.close();
  }
}

/** The reader of encoded texts in the cache: it takes an entry with sound symbols, or the text is read again. */
export const cacheEntryTarget: FuzzTarget<EntryInput> = { name: 'cache-entry', input: damagedEntry, check };
