import { UserError } from '../errors.js';
import type { TextStatistics } from './encoder.js';
import { type SymbolArray, symbolArray, widthFor } from './symbols.js';
import { describeSymbol, SUBSTITUTE, Vocabulary } from './vocabulary.js';

/**
 * The vocabulary of a text: its symbols, sorted, of which those that come fewer than `minCount` times are replaced by
 * one, U+FFFD. @throws UserError for `minCount` above 1 with bytes, which have no such symbol.
 */
export function vocabularyOf({ symbols, counts, encoding }: TextStatistics, minCount: number): Vocabulary {
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

/**
 * The vocabulary's index of each of the text's symbols, in their order of first sight.
 * @throws UserError naming the first symbol of the text that the vocabulary lacks, and its position.
 */
export function translationOf(text: TextStatistics, vocabulary: Vocabulary, name: string): Int32Array {
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
export function joined(pieces: readonly SymbolArray[], translation: Int32Array, vocabularySize: number): SymbolArray {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const symbols = symbolArray(length, widthFor(vocabularySize));
  let at = 0;
  for (const piece of pieces) for (let i = 0; i < piece.length; i++) symbols[at++] = translation[piece[i]];
  return symbols;
}
