import { createHash } from 'node:crypto';
import { closeSync, fsync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from '../errors.js';
import { cacheRoot } from '../system/cache-root.js';
import { type Description, encodeDescription, MAGIC, readDescription } from './cache-entry.js';
import type { TextStatistics } from './encoder.js';
import { SymbolFile, SymbolFileWriter } from './symbol-file.js';
import type { TextFile } from './texts.js';
import { isBeingWritten, stemOf, sweepUnfinished, unfinishedName } from '../system/unfinished.js';
import type { Encoding } from '../options/choices.js';

/** What the program's own files in the cache are called: whole ones, and how those begin that a process writes. */
const ENTRY_NAME = /^corpus-[0-9a-f]{24}\.symbols$/;
const UNFINISHED_STEM = /^corpus-[0-9a-f]{24}$/;

/** A plain file as it was when it was encoded. */
type Source = Description['sources'][number];

/** An encoded text in the cache. */
export interface CachedText {
  readonly file: SymbolFile;
  readonly text: TextStatistics;
}

/** A file of the cache, as `cache` lists it. */
export interface CacheEntry {
  readonly path: string;
  /** On the disk. */
  readonly bytes: number;
  /** The files that it was made from; undefined for one that is unfinished, broken or of an older version. */
  readonly sources: readonly string[] | undefined;
}

/** Where encoded texts are kept by default. */
export function corpusCacheFolder(): string {
  return join(cacheRoot(), 'corpora');
}

/** The place in the cache of texts that were named by `inputs`, and what they are now. */
export class CachePlace {
  readonly path: string;
  readonly #sources: readonly Source[];

  private constructor(
    readonly folder: string,
    private readonly key: string,
    sources: readonly Source[],
  ) {
    this.path = join(folder, `corpus-${key}.symbols`);
    this.#sources = sources;
  }

  /**
   * The place depends on what was named and on the encoding alone, so that a changed text replaces what was made of it.
   * @param inputs absolute paths; @returns undefined for what cannot be recognised, such as a pipe.
   */
  static of(
    folder: string,
    inputs: readonly string[],
    texts: readonly TextFile[],
    encoding: Encoding,
  ): CachePlace | undefined {
    const sources = texts.flatMap(({ path, stamp }) =>
      path === undefined || stamp === undefined ? [] : [{ path, stamp }],
    );
    if (sources.length < texts.length) return undefined;
    const key = createHash('sha256')
      .update(JSON.stringify([encoding, ...inputs]))
      .digest('hex');
    return new CachePlace(folder, key.slice(0, 24), sources);
  }

  /** What is kept of exactly these texts; undefined if nothing is, or if it is broken. */
  open(): CachedText | undefined {
    const fd = openOrNothing(this.path);
    if (fd === undefined) return undefined;
    const description = readDescription(fd);
    if (description && JSON.stringify(description.sources) === JSON.stringify(this.#sources)) {
      const { text, segments } = description;
      return { file: new SymbolFile(fd, text.length, segments), text };
    }
    closeSync(fd);
    return undefined;
  }

  /** Begins to write an entry, under a name of its own. @throws the system's error. */
  begin(): SymbolFileWriter {
    mkdirSync(this.folder, { recursive: true });
    sweepUnfinished(this.folder, (stem) => UNFINISHED_STEM.test(stem));
    const writer = new SymbolFileWriter(join(this.folder, unfinishedName(`corpus-${this.key}`)));
    writer.writeBytes(MAGIC);
    return writer;
  }

  /** Ends an entry and puts it in its place, whole and on the disk. @throws the system's error. */
  async finish(writer: SymbolFileWriter, text: TextStatistics): Promise<void> {
    const description: Description = {
      endianness: endianness(),
      sources: [...this.#sources],
      text: {
        ...text,
        symbols: [...text.symbols],
        counts: [...text.counts],
        firstPositions: [...text.firstPositions],
      },
      segments: [...writer.segments],
    };
    writer.writeBytes(encodeDescription(description));
    await promisify(fsync)(writer.fd);
    renameSync(writer.path, this.path);
  }
}

/** Every file of the cache that is this program's, by name. */
export function listCache(folder: string): CacheEntry[] {
  return ownFiles(folder).map((path) => {
    const fd = openOrNothing(path);
    const description = fd === undefined ? undefined : readDescription(fd);
    if (fd !== undefined) closeSync(fd);
    const bytes = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { path, bytes, sources: description?.sources.map((source) => source.path) };
  });
}

/**
 * Removes every file of the cache but those that a running process is writing, and the folder if that leaves it empty;
 * nothing that has another name is touched. Runs that read a file keep it open.
 * @returns what was removed. @throws the system's error.
 */
export function clearCache(folder: string): CacheEntry[] {
  const entries = listCache(folder).filter(({ path }) => !isBeingWritten(path));
  for (const { path } of entries) rmSync(path, { force: true });
  removeIfEmpty(folder);
  return entries;
}

/** A folder that must stay keeps nothing of this program's: it has other files, is a link or a mounted disk. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const mustStay = ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EBUSY', 'EACCES', 'EPERM', 'EROFS'];
    if (!mustStay.includes(codeOf(error) ?? '')) throw error;
  }
}

function ownFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  const own = names.filter((name) => ENTRY_NAME.test(name) || UNFINISHED_STEM.test(stemOf(name) ?? ''));
  // A folder or a link of such a name is not this program's.
  return own.map((name) => join(folder, name)).filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile());
}

/** Whatever the reason is why a file cannot be opened: it is made again, or the reason shows when that fails. */
function openOrNothing(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}
