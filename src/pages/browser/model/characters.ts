import type { Vocabulary } from '../../../corpus/vocabulary.js';

/** The characters that symbols stand for, one string each; of bytes, those of ASCII and escapes such as \xe9. */
export function charactersOf({ symbols, encoding }: Vocabulary, indices: Int32Array): string[] {
  return Array.from(indices, (index) => {
    const symbol = symbols[index];
    const isByte = encoding === 'bytes' && symbol >= 0x80;
    return isByte ? `\\x${symbol.toString(16)}` : String.fromCodePoint(symbol);
  });
}
