import type { OpenCorpus } from '../../src/corpus/open-corpus.js';

/** The whole text of a corpus, which is closed. */
export function textOf(corpus: OpenCorpus): string {
  const cursor = corpus.symbols.cursor(10);
  const first = cursor.seek(0, corpus.symbols.length);
  const text = corpus.vocabulary.decode(cursor.symbols.slice(first, first + corpus.symbols.length));
  corpus.close();
  return text;
}
