import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Corpus, corpusFromBytes } from '../../src/corpus/corpus.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { UserError } from '../../src/errors.js';
import { anyEdit, edited } from './edits.js';
import { hostileText } from './hostile.js';
import { checkRefusal } from './refusal.js';
import type { FuzzTarget, Outcome } from './target.js';
import type { Encoding } from '../../src/options/choices.js';

/** What a reader of corpora is given; `known` is a checkpoint's vocabulary. */
export interface CorpusInput {
  bytes: Uint8Array;
  name: string;
  encoding: Encoding;
  known: number[] | null;
}

/** Any way from a file's bytes to symbols: from memory, in blocks, unpacked on the way. */
export type CorpusReader = (
  bytes: Uint8Array,
  name: string,
  encoding: Encoding,
  vocabulary: Vocabulary | undefined,
) => Corpus | Promise<Corpus>;

const characters = fc.oneof(
  { arbitrary: fc.string({ unit: 'binary', maxLength: 30 }), weight: 3 },
  {
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', '\n', 'é', '€', '😀', '\ufeff', '\0', '\u07ff', '\uffff'), { maxLength: 30 })
      .map((list) => list.join('')),
    weight: 3,
  },
  { arbitrary: hostileText, weight: 2 },
);

/** Sizes at which readers start another block, less a little: what follows lies across the border. */
const padding = fc
  .tuple(fc.constantFrom(64, 1024, 4096, 16_384, 65_536), fc.nat(6))
  .map(([block, less]) => block - less);

const text = fc.oneof(
  { arbitrary: characters, weight: 12 },
  { arbitrary: fc.tuple(padding, characters).map(([length, end]) => 'a'.repeat(length) + end), weight: 1 },
);

/** Text of any kind, up to damaged and none at all. */
export const damagedText = fc
  .tuple(text, fc.array(anyEdit, { maxLength: 3 }))
  .map(([text, edits]) => new Uint8Array(edited(Buffer.from(text), edits)));

/** Texts of any kind with any way to read them. */
export const corpusInput: fc.Arbitrary<CorpusInput> = fc.record({
  bytes: damagedText,
  name: fc.oneof({ arbitrary: fc.constant('a.txt'), weight: 3 }, { arbitrary: hostileText, weight: 1 }),
  encoding: fc.constantFrom<Encoding>('utf-8', 'bytes'),
  known: fc.oneof(
    { arbitrary: fc.constant(null), weight: 3 },
    {
      arbitrary: fc.uniqueArray(fc.oneof(fc.constantFrom(10, 97, 98), fc.nat(255)), { minLength: 1, maxLength: 200 }),
      weight: 1,
    },
  ),
});

/** Runs a reader on an input; throws unless it gives the text as it is, or refuses it for what is wrong with it. */
export async function checkReader({ bytes, name, encoding, known }: CorpusInput, read: CorpusReader): Promise<Outcome> {
  const vocabulary =
    known === null
      ? undefined
      : new Vocabulary(
          known.toSorted((a, b) => a - b),
          encoding,
        );
  let corpus: Corpus;
  try {
    corpus = await read(bytes, name, encoding, vocabulary);
  } catch (error) {
    if (error instanceof UserError) checkReason(error.message, bytes, encoding, vocabulary);
    return checkRefusal(error);
  }
  checkSymbols(corpus, bytes, encoding, vocabulary);
  return 'taken';
}

/** A refusal must be right: for nothing at all, for the first byte that is not UTF-8, or for the first unknown symbol. */
function checkReason(message: string, bytes: Uint8Array, encoding: Encoding, vocabulary: Vocabulary | undefined): void {
  const offset = /invalid byte 0x([0-9A-F]{2}) at offset (\d+);/.exec(message);
  if (offset) {
    const at = Number(offset[2]);
    if (bytes[at] !== parseInt(offset[1], 16)) throw new Error(`byte ${at} is another than the message says`);
    if (encoding === 'bytes' || !isUtf8(bytes.subarray(0, at)))
      throw new Error(`byte ${at} is not the first invalid one`);
    if ([1, 2, 3, 4].some((length) => isUtf8(bytes.subarray(at, at + length)))) throw new Error(`byte ${at} is valid`);
    return;
  }
  if (textIn(bytes, encoding).length === 0) return;
  if (encoding === 'utf-8' && !isUtf8(bytes)) throw new Error('text that is not UTF-8 must be refused for that');
  const unknown = symbolsOf(bytes, encoding).findIndex((symbol) => vocabulary?.indexOf(symbol) === undefined);
  if (!vocabulary || unknown < 0) throw new Error('a text must not be refused without a reason');
  if (!message.includes(` at position ${unknown} `)) throw new Error(`the first unknown symbol is at ${unknown}`);
}

/** What was read must be the text: the symbols of another decoder, in order, by a vocabulary with each once. */
function checkSymbols(corpus: Corpus, bytes: Uint8Array, encoding: Encoding, known: Vocabulary | undefined): void {
  const { vocabulary, symbols, hash } = corpus;
  const expected = symbolsOf(bytes, encoding);
  const wrong = expected.findIndex((symbol, position) => vocabulary.symbols[symbols[position] ?? -1] !== symbol);
  if (wrong >= 0 || symbols.length !== expected.length) throw new Error(`the symbol at position ${wrong} is wrong`);
  const text = textIn(bytes, encoding);
  if (text.length === 0) throw new Error('nothing at all must be refused');
  const distinct = known?.symbols ?? [...new Set(expected)].sort((a, b) => a - b);
  if (distinct.join() !== vocabulary.symbols.join()) throw new Error('the vocabulary must be the symbols, in order');
  if (hash !== createHash('sha256').update(text).digest('hex')) throw new Error('the hash must be that of the bytes');
  if (!Buffer.concat(Array.from(symbols, (symbol) => vocabulary.bytesOf(symbol))).equals(text)) {
    throw new Error('symbols must turn back into the bytes that they came from');
  }
}

/** What of the bytes is text: in UTF-8, all but a byte order mark at the start. */
function textIn(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  const marked = encoding === 'utf-8' && Buffer.from(bytes.subarray(0, 3)).toString('hex') === 'efbbbf';
  return marked ? bytes.subarray(3) : bytes;
}

/** Throws a TypeError for text that is not UTF-8: then it must have been refused. */
function symbolsOf(bytes: Uint8Array, encoding: Encoding): number[] {
  if (encoding === 'bytes') return [...bytes];
  // Unless it is set to ignore what a byte order mark means, this decoder takes it away.
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** The reader of texts in memory. */
export const memoryCorpusTarget: FuzzTarget<CorpusInput> = {
  name: 'corpus',
  input: corpusInput,
  check: (given) => checkReader(given, corpusFromBytes),
};
