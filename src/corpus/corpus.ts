import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.js';
import { SymbolEncoder, type TextStatistics } from './encoder.js';
import { type SymbolArray } from './symbols.js';
import { joined, translationOf, vocabularyOf } from './translation.js';
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

/** How a text becomes symbols. */
export interface SymbolChoice {
  /** A checkpoint's vocabulary; without one the text's own symbols make it up. */
  readonly vocabulary?: Vocabulary | undefined;
  /** Symbols rarer than this become U+FFFD, if the text makes up the vocabulary. 1: none does. */
  readonly minCount?: number | undefined;
  /** Told what the text is before its symbols are looked up; throws where it must be another. */
  readonly check?: ((text: TextStatistics) => void) | undefined;
}

/** The text that comes with the package: scenes, prose and verse made by this project's own generator. */
export const BUILT_IN_CORPUS = fileURLToPath(new URL('built-in.txt', import.meta.url));

/** As `readCorpus`, from bytes already in memory. */
export function corpusFromBytes(bytes: Uint8Array, name: string, encoding: Encoding, vocabulary?: Vocabulary): Corpus {
  const pieces: SymbolArray[] = [];
  const encoder = new SymbolEncoder(encoding, (piece) => pieces.push(piece));
  encoder.write(bytes, name);
  encoder.endFile(name);
  return corpusInMemory(pieces, encoder.statistics(), name, { vocabulary });
}

/** The corpus of a text whose encoded pieces are all in memory. @throws UserError for an empty text or an unknown symbol. */
export function corpusInMemory(
  pieces: readonly SymbolArray[],
  text: TextStatistics,
  name: string,
  choice: SymbolChoice,
): Corpus {
  const { vocabulary, translation } = chosen(text, name, choice);
  return { name, vocabulary, symbols: joined(pieces, translation, vocabulary.size), hash: text.hash };
}

/** The vocabulary of a text and the way to it. @throws UserError for an empty text or an unknown symbol. */
export function chosen(
  text: TextStatistics,
  name: string,
  { vocabulary: given, minCount = 1, check }: SymbolChoice,
): { vocabulary: Vocabulary; translation: Int32Array } {
  if (text.length === 0) {
    throw new UserError(`the corpus must hold text, but '${name}' is empty; give a file with text in it`);
  }
  check?.(text);
  const vocabulary = given ?? vocabularyOf(text, minCount);
  return { vocabulary, translation: translationOf(text, vocabulary, name) };
}
