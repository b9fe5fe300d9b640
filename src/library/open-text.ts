import { existsSync } from 'node:fs';
import { corpusFromBytes } from '../corpus/corpus.js';
import type { OpenCorpus } from '../corpus/open-corpus.js';
import { sourceOf } from '../corpus/symbols.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import { UserError } from '../errors.js';
import type { RunOptions } from '../options/train-options.js';
import type { Text } from './text.js';

/** What a text in memory is called where a file's name would stand. */
const IN_MEMORY = 'the given text';

/** Longest string that is looked up as a path, to name a likely mistake. */
const LONGEST_PATH = 300;

/** A text as symbols: a vocabulary's, or else its own. @throws UserError */
export function openText(
  text: Text,
  { encoding, minCount }: Pick<RunOptions, 'encoding' | 'minCount'>,
  vocabulary?: Vocabulary,
): OpenCorpus {
  if (typeof text === 'string') requireNoPath(text);
  if (typeof text === 'string' || text instanceof Uint8Array) {
    const corpus = corpusFromBytes(Buffer.from(text), IN_MEMORY, encoding, vocabulary, minCount);
    const symbols = sourceOf(corpus.symbols);
    return { ...corpus, symbols, storage: { kind: 'memory' }, minCount, close: () => undefined };
  }
  if (typeof text !== 'object' || text === null || !('symbols' in text)) {
    throw new UserError('the text must be a string, bytes, or what openCorpus gives, but is none of them; pass one');
  }
  return vocabulary ? requireVocabulary(text, vocabulary) : text;
}

function requireNoPath(text: string): void {
  if (text.length > LONGEST_PATH || text.includes('\n') || text.includes('\0') || !existsSync(text)) return;
  throw new UserError(
    `a string must be the text itself, but '${text}' names a file; pass await openCorpus('${text}') instead`,
  );
}

function requireVocabulary(corpus: OpenCorpus, { symbols }: Vocabulary): OpenCorpus {
  const own = corpus.vocabulary.symbols;
  if (own === symbols || (own.length === symbols.length && own.every((symbol, i) => symbol === symbols[i]))) {
    return corpus;
  }
  throw new UserError(
    `'${corpus.name}' must be in the model's symbols, but was opened with its own; ` +
      'open it with openCorpus(path, { vocabulary: model.vocabulary })',
  );
}
