import { closest, distance } from 'fastest-levenshtein';

/** The known word that a mistyped one was likely meant to be: one that it begins, or one a letter or two away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 2) {
    const longer = known.filter((name) => name.startsWith(word)).sort((a, b) => a.length - b.length);
    if (longer.length > 0) return longer[0];
  }
  if (known.length === 0) return undefined;
  const near = closest(word, known);
  const far = Math.min(Math.max(2, word.length / 3), word.length - 1);
  return distance(word, near) <= far ? near : undefined;
}
