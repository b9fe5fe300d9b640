import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, messageOf, UserError } from '../errors.js';
import type { CachePlace } from './cache.js';
import type { TextStatistics } from './encoder.js';
import { type SymbolFile, SymbolFileWriter } from './symbol-file.js';
import type { SymbolArray } from './symbols.js';

/** The file that holds an encoded text. */
export type FileStorage =
  /** In the cache, now or already before. */
  | { readonly kind: 'cache'; readonly path: string; readonly bytes: number; readonly reused: boolean }
  /** Without a name, gone with the process; `reason` where the cache should have it, but cannot. */
  | { readonly kind: 'temporary'; readonly reason: string | undefined };

/** Writes a text that is too large for memory to a file: the cache's if there is a place, else one without a name. */
export class Spill {
  readonly #writer: SymbolFileWriter;
  readonly #place: CachePlace | undefined;
  #reason: string | undefined;

  constructor(place: CachePlace | undefined) {
    const writer = place && this.#tryCache(place);
    this.#place = writer ? place : undefined;
    this.#writer = writer ?? temporary();
  }

  /** Adds symbols. @throws UserError where the file cannot hold them. */
  write(piece: SymbolArray): void {
    try {
      this.#writer.write(piece);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Ends the file, which can then be read. @throws UserError where it cannot be put in its place. */
  async finish(text: TextStatistics): Promise<{ file: SymbolFile; storage: FileStorage }> {
    const place = this.#place;
    const file = this.#writer.reading();
    if (!place) return { file, storage: { kind: 'temporary', reason: this.#reason } };
    try {
      await place.finish(this.#writer, text);
      return { file, storage: { kind: 'cache', path: place.path, bytes: file.bytes, reused: false } };
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Removes the file. */
  discard(): void {
    this.#writer.discard();
  }

  #tryCache(place: CachePlace): SymbolFileWriter | undefined {
    try {
      return place.begin();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      this.#reason = `the cache folder '${place.folder}' cannot be written to (${messageOf(error)})`;
      return undefined;
    }
  }

  #explain(error: unknown): unknown {
    const variable = this.#place ? 'MIN_CHAR_RNN_CACHE' : 'TMPDIR';
    return writeError(error, dirname(this.#writer.path), variable);
  }
}

/** A file whose name is gone at once, so that it goes with the process however that ends. */
function temporary(): SymbolFileWriter {
  const path = join(tmpdir(), `min-char-rnn-${process.pid}-${randomBytes(4).toString('hex')}.symbols`);
  try {
    const writer = new SymbolFileWriter(path);
    rmSync(path);
    return writer;
  } catch (error) {
    throw writeError(error, tmpdir(), 'TMPDIR');
  }
}

function writeError(error: unknown, folder: string, variable: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const cause = full ? 'its disk is full' : messageOf(error);
  return new UserError(
    `a text too large for memory must be encoded in a file, but in '${folder}' that fails: ${cause}; ` +
      `${full ? 'make room, or ' : ''}set ${variable} to another folder`,
  );
}
