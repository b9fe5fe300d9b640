import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { blocksOf } from './blocks.js';
import { CachePlace, corpusCacheFolder } from './cache.js';
import { type Corpus, corpusInMemory } from './corpus.js';
import { SymbolEncoder, type TextStatistics } from './encoder.js';
import { type FileStorage, Spill } from './spill.js';
import { FileSymbols, type SymbolFile } from './symbol-file.js';
import { sourceOf, type SymbolArray, type SymbolSource } from './symbols.js';
import { checkUnchanged, findTexts, nameOf, STDIN, type TextFile } from './texts.js';
import { type SymbolChoice, translationFor } from './translation.js';
import type { Vocabulary } from './vocabulary.js';
import type { Encoding } from '../options/choices.js';

/** Texts of at most so many bytes stay in memory and leave nothing in the cache. */
export const MEMORY_LIMIT = 16 * 2 ** 20;

/** Where the encoded text is. */
export type Storage = { readonly kind: 'memory' } | FileStorage;

/** A text of any size, ready for training. */
export interface OpenCorpus {
  /** Where it came from, as the user named it. */
  readonly name: string;
  readonly vocabulary: Vocabulary;
  readonly symbols: SymbolSource;
  /** SHA-256 of the bytes of all files, decompressed and without byte order marks of UTF-8, joined; in hexadecimal. */
  readonly hash: string;
  readonly storage: Storage;
  /** What was given for it: characters rarer than this are one symbol. */
  readonly minCount: number;
  /** Closes the file; the symbols cannot be read after. */
  close(): void;
}

/** How far the reading of a text is. */
export interface ReadingProgress {
  readonly name: string;
  /** Read from the disk, and how much there is; undefined where that is unknown, as with standard input. */
  readonly bytes: number;
  readonly totalBytes: number | undefined;
}

/** How to open a corpus. */
export interface OpenOptions extends SymbolChoice {
  readonly encoding: Encoding;
  /** What to call it; by default the inputs' names. */
  readonly name?: string | undefined;
  /** Where to keep the encoded form of large texts: by default the user's cache folder; false: nowhere. */
  readonly cache?: string | false | undefined;
  /** Largest text, in bytes, that is kept in memory. */
  readonly memoryLimit?: number | undefined;
  /** What `-` stands for; by default process.stdin. */
  readonly stdin?: Readable | undefined;
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
  /** Ends the reading, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A text that has been read: its pieces in memory, or a file of them. */
interface Encoded {
  readonly text: TextStatistics;
  readonly pieces: readonly SymbolArray[];
  readonly file: SymbolFile | undefined;
  readonly storage: Storage;
}

/**
 * Opens files and folders as one text, nothing between them: `-` is standard input, a .gz is decompressed, a folder
 * stands for its .txt and .txt.gz files; a byte order mark at the start of a file in UTF-8 is left out. A text larger
 * than `memoryLimit` is read in blocks and trained on from a file, at constant memory; that file is kept in the cache
 * and used again as long as the texts do not change.
 * @throws UserError for what cannot be read, is empty, is not UTF-8 or has symbols that a given vocabulary lacks.
 */
export async function openCorpus(inputs: string | readonly string[], options: OpenOptions): Promise<OpenCorpus> {
  const given = typeof inputs === 'string' ? [inputs] : inputs;
  const { name = nameOf(given), minCount = 1 } = options;
  const texts = await findTexts(given);
  const place = placeOf(given, texts, options);
  const encoded = (place && reuse(place)) ?? (await encode(texts, place, options));
  const { text, file, pieces, storage } = encoded;
  if (!file) {
    const corpus = corpusInMemory(pieces, text, name, options);
    return { ...corpus, symbols: sourceOf(corpus.symbols), storage, minCount, close: () => undefined };
  }
  try {
    const { vocabulary, translation } = translationFor(text, name, options);
    const symbols = new FileSymbols(file, translation, vocabulary.size);
    return { name, vocabulary, symbols, hash: text.hash, storage, minCount, close: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Reads a text file whole into memory, whatever its size. As `openCorpus` otherwise. */
export async function readCorpus(
  path: string,
  encoding: Encoding,
  vocabulary?: Vocabulary,
  name = path,
): Promise<Corpus> {
  const { text, pieces } = await encode(await findTexts([path]), undefined, { encoding, memoryLimit: Infinity });
  return corpusInMemory(pieces, text, name, { vocabulary });
}

function placeOf(
  given: readonly string[],
  texts: readonly TextFile[],
  { cache = corpusCacheFolder(), encoding }: OpenOptions,
): CachePlace | undefined {
  if (cache === false) return undefined;
  const paths = given.filter((input) => input !== STDIN).map((input) => resolve(input));
  return CachePlace.of(cache, paths, texts, encoding);
}

function reuse(place: CachePlace): Encoded | undefined {
  const cached = place.open();
  if (!cached) return undefined;
  const storage = { kind: 'cache', path: place.path, bytes: cached.file.bytes, reused: true } as const;
  return { ...cached, pieces: [], storage };
}

/** Reads texts once, into memory as long as they fit there, else into a file. */
async function encode(
  texts: readonly TextFile[],
  place: CachePlace | undefined,
  { encoding, memoryLimit = MEMORY_LIMIT, stdin = process.stdin, onProgress, signal }: OpenOptions,
): Promise<Encoded> {
  const pieces: SymbolArray[] = [];
  const encoder = new SymbolEncoder(encoding, (piece) => pieces.push(piece));
  const total = totalOf(texts);
  let [spill, bytes]: [Spill | undefined, number] = [undefined, 0];
  try {
    for (const text of texts) {
      for await (const block of blocksOf(text, { stdin, signal, onRead: (more) => (bytes += more) })) {
        signal?.throwIfAborted();
        encoder.write(block, text.name);
        if (encoder.bytes > memoryLimit) spill ??= new Spill(place);
        if (spill) for (const piece of pieces.splice(0)) spill.write(piece);
        onProgress?.({ name: text.name, bytes, totalBytes: total });
      }
      encoder.endFile(text.name);
      await checkUnchanged(text);
    }
    const text = encoder.statistics();
    return { text, pieces, ...((await spill?.finish(text)) ?? { file: undefined, storage: { kind: 'memory' } }) };
  } catch (error) {
    spill?.discard();
    throw error;
  }
}

function totalOf(texts: readonly TextFile[]): number | undefined {
  return texts.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}
