import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Corpus, corpusFromBytes } from '../../src/corpus/corpus.js';
import { type OpenCorpus, openCorpus } from '../../src/corpus/open-corpus.js';
import { messageOf } from '../../src/errors.js';
import { checkReader, corpusInput, type CorpusInput, damagedText } from './corpus-target.js';
import { anyEdit, edited } from './edits.js';
import { checkRefusal } from './refusal.js';
import { scratch } from './scratch.js';
import type { FuzzTarget } from './target.js';

/** A text as it comes from a pipe. */
interface StreamedInput extends CorpusInput {
  /** Where one block ends and the next begins, as parts of the whole. */
  cuts: number[];
  /** Bytes up to which it stays in memory. */
  memoryLimit: number;
}

const streamedInput: fc.Arbitrary<StreamedInput> = fc
  .tuple(
    corpusInput,
    fc.record({
      cuts: fc.array(
        fc.nat(999).map((part) => part / 1000),
        { maxLength: 20 },
      ),
      memoryLimit: fc.constantFrom(0, 0, 10, 1000),
    }),
  )
  .map(([corpus, rest]) => ({ ...corpus, ...rest }));

function blocksOf(bytes: Uint8Array, cuts: readonly number[]): Buffer[] {
  const places = cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b);
  const blocks = [0, ...places].map((start, i) => Buffer.from(bytes.subarray(start, places[i])));
  // A stream of objects would end at an empty one of bytes.
  return blocks.filter((block) => block.length > 0);
}

/** What was opened, in memory and given back. */
function taken(corpus: OpenCorpus): Corpus {
  const { name, vocabulary, hash, symbols } = corpus;
  const cursor = symbols.cursor(10);
  const first = cursor.seek(0, symbols.length);
  const read = cursor.symbols.slice(first, first + symbols.length);
  corpus.close();
  return { name, vocabulary, hash, symbols: read };
}

/** The reader of texts in blocks, by way of a file. */
export const streamedCorpusTarget: FuzzTarget<StreamedInput> = {
  name: 'streamed-corpus',
  input: streamedInput,
  check: ({ cuts, memoryLimit, ...given }) =>
    checkReader(given, async (bytes, name, encoding, vocabulary) => {
      const stdin = Readable.from(blocksOf(bytes, cuts), { objectMode: false });
      return taken(await openCorpus('-', { name, encoding, vocabulary, memoryLimit, stdin, cache: false }));
    }),
};

/** Files of one or two packed texts, damaged or not. */
const packed = fc
  .tuple(
    fc.array(damagedText, { minLength: 1, maxLength: 2 }),
    fc.oneof(
      { arbitrary: fc.constant([]), weight: 1 },
      { arbitrary: fc.array(anyEdit, { minLength: 1, maxLength: 3 }), weight: 1 },
    ),
  )
  .map(([texts, edits]) => new Uint8Array(edited(Buffer.concat(texts.map((text) => gzipSync(text))), edits)));

/** One file for all cases. */
const packedFile = (): string => join(scratch(), 'text.gz');

async function readPacked(encoding: CorpusInput['encoding']): Promise<Corpus> {
  return taken(await openCorpus(packedFile(), { encoding, memoryLimit: 0, cache: false }));
}

function unpacked(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

/** The text as read in memory, or the message of its refusal. */
function expected(bytes: Uint8Array, encoding: CorpusInput['encoding']): Corpus | string {
  try {
    return corpusFromBytes(bytes, packedFile(), encoding);
  } catch (error) {
    return messageOf(error);
  }
}

/** The reader of packed texts: it finds what Node unpacks at once and the reader in memory finds in that. */
export const packedCorpusTarget: FuzzTarget<Pick<CorpusInput, 'bytes' | 'encoding'>> = {
  name: 'packed-corpus',
  input: fc.record({ bytes: packed, encoding: fc.constantFrom<CorpusInput['encoding']>('utf-8', 'bytes') }),
  check: async ({ bytes, encoding }) => {
    writeFileSync(packedFile(), bytes);
    const whole = unpacked(bytes);
    const wanted = whole && expected(whole, encoding);
    let found: Corpus;
    try {
      found = await readPacked(encoding);
    } catch (error) {
      if (wanted !== undefined) deepStrictEqual(messageOf(error), wanted);
      return checkRefusal(error);
    }
    if (typeof wanted !== 'object') throw new Error(`must be refused: ${wanted ?? 'it cannot be unpacked'}`);
    const plain = ({ vocabulary, ...rest }: Corpus) => ({ ...rest, vocabulary: vocabulary.symbols });
    deepStrictEqual(plain(found), plain(wanted));
    return 'taken';
  },
};
