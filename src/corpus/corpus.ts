import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf, UserError } from '../errors.js';
import { CODE_POINTS, firstInvalidByte, forEachCodePoint } from './utf8.js';
import { describeSymbol, type Encoding, Vocabulary } from './vocabulary.js';

/** One index a symbol, in the narrowest array that holds the vocabulary. */
export type SymbolArray = Uint8Array | Uint16Array | Int32Array;

/** A text ready for training. */
export interface Corpus {
  /** Where it came from, as the user named it. */
  readonly name: string;
  readonly vocabulary: Vocabulary;
  /** The text as vocabulary indices. */
  readonly symbols: SymbolArray;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly hash: string;
}

/** The text that comes with the package: scenes, prose and verse made by this project's own generator. */
export const BUILT_IN_CORPUS = fileURLToPath(new URL('built-in.txt', import.meta.url));

/**
 * Reads a text file whole. With `vocabulary` (a checkpoint's) the text is encoded by it, otherwise by its own symbols.
 * @throws UserError for a file that cannot be read, is empty or is not valid UTF-8, or a symbol that `vocabulary` lacks.
 */
export async function readCorpus(
  path: string,
  encoding: Encoding,
  vocabulary?: Vocabulary,
  name = path,
): Promise<Corpus> {
  return corpusFromBytes(await readBytes(path, name), name, encoding, vocabulary);
}

/** As `readCorpus`, from bytes already in memory. */
export function corpusFromBytes(bytes: Uint8Array, name: string, encoding: Encoding, vocabulary?: Vocabulary): Corpus {
  if (bytes.length === 0) {
    throw new UserError(`the corpus must hold text, but '${name}' is empty; give a file with text in it`);
  }
  if (encoding === 'utf-8') checkUtf8(bytes, name);
  const known = vocabulary ?? vocabularyOf(bytes, encoding);
  const symbols = encodeBytes(bytes, known, name);
  return { name, vocabulary: known, symbols, hash: createHash('sha256').update(bytes).digest('hex') };
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT')
      throw new UserError(`the corpus must be a text file, but '${name}' does not exist; check the path`);
    if (code === 'EISDIR')
      throw new UserError(`the corpus must be a text file, but '${name}' is a folder; name a file in it`);
    if (code === 'EACCES')
      throw new UserError(
        `the corpus '${name}' must be readable, but this user may not read it; change its permissions`,
      );
    throw new UserError(`the corpus '${name}' cannot be read: ${messageOf(error)}; check the file`);
  }
}

function checkUtf8(bytes: Uint8Array, name: string): void {
  const offset = firstInvalidByte(bytes);
  if (offset < 0) return;
  const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  throw new UserError(
    `the corpus must be UTF-8 text, but '${name}' has an invalid byte 0x${byte} at offset ${offset}; ` +
      `convert it (iconv -t UTF-8) or use --encoding bytes`,
  );
}

function vocabularyOf(bytes: Uint8Array, encoding: Encoding): Vocabulary {
  const seen = new Uint8Array(encoding === 'bytes' ? 256 : CODE_POINTS);
  if (encoding === 'bytes') for (const byte of bytes) seen[byte] = 1;
  else forEachCodePoint(bytes, (codePoint) => (seen[codePoint] = 1));
  const symbols: number[] = [];
  seen.forEach((present, symbol) => {
    if (present) symbols.push(symbol);
  });
  return new Vocabulary(symbols, encoding);
}

function encodeBytes(bytes: Uint8Array, vocabulary: Vocabulary, name: string): SymbolArray {
  const bytewise = vocabulary.encoding === 'bytes';
  const table = new Int32Array(bytewise ? 256 : CODE_POINTS).fill(-1);
  vocabulary.symbols.forEach((symbol, index) => (table[symbol] = index));
  const length = bytewise ? bytes.length : forEachCodePoint(bytes, () => {});
  const symbols = symbolArray(length, vocabulary.size);
  const put = (symbol: number, position: number) => {
    const index = table[symbol] ?? -1;
    if (index < 0) refuseSymbol(symbol, position, vocabulary, name);
    symbols[position] = index;
  };
  if (bytewise) bytes.forEach(put);
  else forEachCodePoint(bytes, put);
  return symbols;
}

function refuseSymbol(symbol: number, position: number, vocabulary: Vocabulary, name: string): never {
  throw new UserError(
    `every symbol of '${name}' must be in the model's vocabulary, but ${describeSymbol(symbol, vocabulary.encoding)} ` +
      `at position ${position} is not; use the text that the model was trained on, or one with the same symbols`,
  );
}

function symbolArray(length: number, vocabularySize: number): SymbolArray {
  if (vocabularySize <= 0x100) return new Uint8Array(length);
  return vocabularySize <= 0x10000 ? new Uint16Array(length) : new Int32Array(length);
}
