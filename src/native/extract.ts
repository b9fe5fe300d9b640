import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { messageOf, UserError } from '../errors.js';
import { codeOf } from './failures.js';

/** Where the wheel's files go and who hears how far it has come. */
export interface ExtractOptions {
  /** Gets `lib/` with the shared libraries and `include/` with the C headers. */
  readonly folder: string;
  /** Names of the libraries that must be in the wheel. */
  readonly libraries: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Share of the wanted bytes already written, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

interface Wanted {
  readonly entry: yauzl.Entry;
  readonly target: string;
}

/** The header that every binding includes: without it the pattern below has lost its grip on the wheel. */
const PROBE_HEADER = 'include/tensorflow/c/eager/c_api.h';

/** Of the 10,000 headers the binding needs these: they moved between versions, so they are taken by pattern. */
const headers = /^tensorflow\/(include\/(?:tensorflow\/c\/.*\.h|.*\/ctstring(?:_internal)?\.h|.*\/tsl_status\.h))$/;
const libraries = /^tensorflow\/(libtensorflow_(?:cc|framework)(?:\.so\.2|\.2\.dylib))$/;
/** OpenMP, which the library for linux-arm64 loads from its own folder. */
const bundled = /^tensorflow\.libs\/(libomp[^/]*)$/;

/**
 * Streams the shared libraries and C headers out of a wheel (a zip file): little memory, nothing else unpacked.
 *
 * @throws UserError where the wheel is damaged, holds unsafe paths or lacks a library or the headers.
 */
export async function extractWheel(wheel: string, options: ExtractOptions): Promise<void> {
  try {
    const zip = await yauzl.openPromise(wheel, { autoClose: false, strictFileNames: true });
    try {
      const wanted = await findWanted(zip);
      requireAll(wanted, options.libraries);
      await writeAll(zip, wanted, options);
    } finally {
      zip.close();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    // System errors carry a code and are about the disk; what is left is about the wheel.
    if (error instanceof UserError || isDiskError(error)) throw error;
    throw new UserError(`${wheel} must be an intact wheel: ${messageOf(error)}; try again`);
  }
}

async function findWanted(zip: yauzl.ZipFile): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for await (const entry of zip.eachEntry()) {
    const target = targetOf(entry.fileName);
    if (target !== undefined) wanted.push({ entry, target });
  }
  return wanted;
}

/** Path of an entry relative to the installation's folder; undefined for the entries that nobody needs. */
function targetOf(name: string): string | undefined {
  const header = headers.exec(name)?.[1];
  if (header !== undefined) return header;
  const library = (libraries.exec(name) ?? bundled.exec(name))?.[1];
  return library === undefined ? undefined : `lib/${library}`;
}

function requireAll(wanted: readonly Wanted[], libraryNames: readonly string[]): void {
  const targets = new Set(wanted.map(({ target }) => target));
  for (const needed of [...libraryNames.map((name) => `lib/${name}`), PROBE_HEADER]) {
    if (!targets.has(needed))
      throw new UserError(`the wheel must contain ${needed}, it does not: its layout is not the expected one`);
  }
}

async function writeAll(zip: yauzl.ZipFile, wanted: readonly Wanted[], options: ExtractOptions): Promise<void> {
  const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  let written = 0;
  for (const { entry, target } of wanted) {
    const path = join(options.folder, target);
    mkdirSync(dirname(path), { recursive: true });
    const content = await zip.openReadStreamPromise(entry);
    content.on('data', (chunk: Buffer) => {
      written += chunk.length;
      options.onProgress?.(written / total);
    });
    await pipeline(content, createWriteStream(path), { signal: options.signal });
  }
}

/** zlib's errors have codes too (`Z_DATA_ERROR`): only those of system calls start with E. */
function isDiskError(error: unknown): boolean {
  return codeOf(error)?.startsWith('E') ?? false;
}
