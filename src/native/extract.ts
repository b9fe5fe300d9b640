import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { codeOf, messageOf, UserError } from '../errors.js';

/** Where the wheel's files go and who gets the progress. */
export interface ExtractOptions {
  /** The installation's folder. */
  readonly folder: string;
  readonly layout: WheelLayout;
  readonly signal?: AbortSignal | undefined;
  /** Share of the wanted bytes already written, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What a kind of wheel has that is wanted. */
export interface WheelLayout {
  /** Path of an entry relative to the installation's folder; undefined for the entries that are not needed. */
  readonly targetOf: (name: string) => string | undefined;
  /** The paths, relative too, that must come out of the wheel. */
  readonly required: readonly string[];
}

interface Wanted {
  readonly entry: yauzl.Entry;
  readonly target: string;
}

/** The header that every binding includes: without it the pattern below no longer fits the wheel. */
const PROBE_HEADER = 'include/tensorflow/c/eager/c_api.h';

/** Of the 10,000 headers the binding needs these: they moved between versions, so they are taken by pattern. */
const headers = /^tensorflow\/(include\/(?:tensorflow\/c\/.*\.h|.*\/ctstring(?:_internal)?\.h|.*\/tsl_status\.h))$/;
const libraries = /^tensorflow\/(libtensorflow_(?:cc|framework)(?:\.so\.2|\.2\.dylib))$/;
/** OpenMP, which the library for linux-arm64 loads from its own folder. */
const bundled = /^tensorflow\.libs\/(libomp[^/]*)$/;

/** A wheel of TensorFlow: `lib/` with the libraries of these names, and `include/`. */
export function tensorflowLayout(names: readonly string[]): WheelLayout {
  return { targetOf: tensorflowTarget, required: [...names.map((name) => `lib/${name}`), PROBE_HEADER] };
}

/** A wheel of NVIDIA's: its libraries and tools where TensorFlow's libraries look for them, `nvidia/` beside `lib/`. */
export const nvidiaLayout: WheelLayout = {
  targetOf: (name) => (/^nvidia\/\w+\/(?:lib|bin|nvvm)\/(?!__init__)(?:[^/]+\/)*[^/]+$/.test(name) ? name : undefined),
  required: [],
};

/**
 * Streams the shared libraries and C headers out of a wheel (a zip file): little memory, nothing else unpacked.
 *
 * @throws UserError where the wheel is damaged, holds unsafe paths or lacks a library or the headers.
 */
export async function extractWheel(wheel: string, options: ExtractOptions): Promise<void> {
  try {
    const zip = await yauzl.openPromise(wheel, { autoClose: false, strictFileNames: true });
    try {
      const wanted = await findWanted(zip, options.layout);
      requireAll(wanted, options.layout);
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

async function findWanted(zip: yauzl.ZipFile, { targetOf }: WheelLayout): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for await (const entry of zip.eachEntry()) {
    const target = targetOf(entry.fileName);
    if (target !== undefined) wanted.push({ entry, target });
  }
  return wanted;
}

function tensorflowTarget(name: string): string | undefined {
  const header = headers.exec(name)?.[1];
  if (header !== undefined) return header;
  const library = (libraries.exec(name) ?? bundled.exec(name))?.[1];
  return library === undefined ? undefined : `lib/${library}`;
}

function requireAll(wanted: readonly Wanted[], { required }: WheelLayout): void {
  const targets = new Set(wanted.map(({ target }) => target));
  if (targets.size === 0)
    throw new UserError('the wheel must contain libraries, it does not: its layout is unexpected');
  for (const needed of required) {
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
    const mode = target.includes('/bin/') ? 0o755 : 0o644;
    await pipeline(content, createWriteStream(path, { mode }), { signal: options.signal });
  }
}

/** zlib's errors have codes too (`Z_DATA_ERROR`): only those of system calls start with E. */
function isDiskError(error: unknown): boolean {
  return codeOf(error)?.startsWith('E') ?? false;
}
