import { existsSync } from 'node:fs';
import { corpusFromBytes } from '../corpus/corpus.js';
import { type OpenCorpus, openCorpus as openFiles, type ReadingProgress } from '../corpus/open-corpus.js';
import { sourceOf } from '../corpus/symbols.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import { UserError } from '../errors.js';
import type { Encoding } from '../options/choices.js';
import { checkGiven } from '../options/option.js';
import { type RunOptions, TRAIN_OPTIONS } from '../options/train-options.js';
import { atBoundaryAsync } from './boundary.js';
import { requireObject } from './options.js';

/** A text to learn from or to measure on: a string is the text itself, bytes are its UTF-8 or, with `encoding: 'bytes'`, its symbols. */
export type Text = string | Uint8Array | OpenCorpus;

/** How a text becomes symbols. */
export interface SymbolOptions {
  /** What a symbol is: a character of UTF-8 text, or a byte of any file. Default `utf-8`. */
  readonly encoding?: Encoding | undefined;
  /** Characters that come fewer times than this become one, U+FFFD. Default 1: none does. */
  readonly minCount?: number | undefined;
  /** A model's vocabulary, for a text that it is to read; its encoding counts. */
  readonly vocabulary?: Vocabulary | undefined;
}

/** How `openCorpus` opens files. */
export interface CorpusOptions extends SymbolOptions {
  /** What to call the text; by default the names of the inputs. */
  readonly name?: string | undefined;
  /** A folder for the encoded form of texts above 16 MiB, by default the user's cache folder; false: none is kept. */
  readonly cache?: string | false | undefined;
  /** Hears how far the reading is. */
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
  /** Ends the reading, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const SYMBOLS = { encoding: TRAIN_OPTIONS.encoding, minCount: TRAIN_OPTIONS.minCount };

/**
 * Opens files and folders as one text of any size: `-` is standard input, a .gz is decompressed, a folder stands for its
 * .txt and .txt.gz files. A text above 16 MiB stays in a file, which `close()` closes.
 * @throws UserError for what cannot be read, is empty, or is not UTF-8.
 */
export function openCorpus(inputs: string | readonly string[], options: CorpusOptions = {}): Promise<OpenCorpus> {
  return atBoundaryAsync(() => {
    requireObject(options);
    const { encoding = options.vocabulary?.encoding, minCount } = options;
    const symbols = checkGiven(SYMBOLS, { encoding, minCount });
    return openFiles(inputs, { ...options, ...symbols, encoding: symbols.encoding ?? 'utf-8' });
  });
}

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
