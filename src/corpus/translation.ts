import { UserError } from '../errors.js';
import type { TextStatistics } from './encoder.js';
import { type SymbolArray, symbolArray, widthFor } from './symbols.js';
import { describeSymbol, SUBSTITUTE, Vocabulary } from './vocabulary.js';

/** Which vocabulary a text is encoded by. */
export interface SymbolChoice {
  /** A checkpoint's vocabulary; without one, the text's own symbols. */
  readonly vocabulary?: Vocabulary | undefined;
  /** Symbols rarer than this become U+FFFD, if the text makes up the vocabulary. 1: none does. */
  readonly minCount?: number | undefined;
  /** Is given what the text is before its symbols are looked up; throws where it must be another. */
  readonly check?: ((text: TextStatistics) => void) | undefined;
}

/**
 * The vocabulary for a text, and its index of each of the text's symbols in their order of first sight.
 * @throws UserError for an empty text, and for a symbol that the vocabulary lacks.
 */
export function translationFor(
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

/**
 * The vocabulary of a text: its symbols, sorted, those that come fewer than `minCount` times replaced by one, U+FFFD.
 * @throws UserError for `minCount` above 1 with bytes, which have no such symbol.
 */
function vocabularyOf({ symbols, counts, encoding }: TextStatistics, minCount: number): Vocabulary {
  if (minCount > 1 && encoding === 'bytes') {
    throw new UserError(
      '--min-count must come with --encoding utf-8, but came with bytes, of which none can stand for others; leave it out',
    );
  }
  const kept = symbols.filter((_, i) => counts[i] >= minCount);
  const known = new Set(kept.length < symbols.length ? [...kept, SUBSTITUTE] : kept);
  return new Vocabulary(
    [...known].sort((a, b) => a - b),
    encoding,
    minCount > 1,
  );
}

function translationOf(text: TextStatistics, vocabulary: Vocabulary, name: string): Int32Array {
  return Int32Array.from(text.symbols, (symbol, i) => {
    const index = vocabulary.indexOf(symbol);
    if (index !== undefined) return index;
    throw new UserError(
      `every symbol of '${name}' must be in the model's vocabulary, but ${describeSymbol(symbol, vocabulary.encoding)} ` +
        `at position ${text.firstPositions[i]} is not; use the text that the model was trained on, or one with the same symbols`,
    );
  });
}

/** All pieces of an encoded text as one array of vocabulary indices. */
export function translatePieces(
  pieces: readonly SymbolArray[],
  translation: Int32Array,
  vocabularySize: number,
): SymbolArray {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const symbols = symbolArray(length, widthFor(vocabularySize));
  let at = 0;
  for (const piece of pieces) for (let i = 0; i < piece.length; i++) symbols[at++] = translation[piece[i]];
  return symbols;
}
