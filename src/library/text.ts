import type { OpenCorpus, ReadingProgress } from '../corpus/open-corpus.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import type { Encoding } from '../options/choices.js';
import { checkGiven } from '../options/option.js';
import { TRAIN_OPTIONS } from '../options/train-options.js';
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
  return atBoundaryAsync(async () => {
    requireObject(options);
    const { encoding = options.vocabulary?.encoding, minCount } = options;
    const symbols = checkGiven(SYMBOLS, { encoding, minCount });
    const { openCorpus: openFiles } = await import('../corpus/open-corpus.js');
    return openFiles(inputs, { ...options, ...symbols, encoding: symbols.encoding ?? 'utf-8' });
  });
}
