import { fileURLToPath } from 'node:url';
import { SymbolEncoder, type TextStatistics } from './encoder.js';
import type { SymbolArray } from './symbols.js';
import { type SymbolChoice, translatePieces, translationFor } from './translation.js';
import type { Vocabulary } from './vocabulary.js';
import type { Encoding } from '../options/choices.js';

/** A text in memory, ready for training. */
export interface Corpus {
  /** Where it came from, as the user named it. */
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** The text as vocabulary indices. */
  readonly symbols: SymbolArray;
  /** SHA-256 of the text's bytes without a byte order mark of UTF-8, in hexadecimal. */
  readonly hash: string;
}

/** The path of the text that comes with the package: scenes, prose and verse made by this project's own generator. */
export function builtInCorpus(): string {
  // A bundle of another kind has no URL of its own, and must start all the same.
  return fileURLToPath(new URL('built-in.txt', import.meta.url));
}

/** As `readCorpus`, from bytes already in memory. */
export function corpusFromBytes(
  bytes: Uint8Array,
  name: string,
  encoding: Encoding,
  vocabulary?: Vocabulary,
  minCount?: number,
): Corpus {
  const pieces: SymbolArray[] = [];
  const encoder = new SymbolEncoder(encoding, (piece) => pieces.push(piece));
  encoder.write(bytes, name);
  encoder.endFile(name);
  return corpusInMemory(pieces, encoder.statistics(), name, { vocabulary, minCount });
}

/** The corpus of a text whose encoded pieces are all in memory. @throws UserError for an empty text or an unknown symbol. */
export function corpusInMemory(
  pieces: readonly SymbolArray[],
  text: TextStatistics,
  name: string,
  choice: SymbolChoice,
): Corpus {
  const { vocabulary, translation } = translationFor(text, name, choice);
  return { name, vocabulary, symbols: translatePieces(pieces, translation, vocabulary.size), hash: text.hash };
}
