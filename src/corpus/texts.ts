import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { readError } from './read-error.js';

/** A file that a corpus is made of, or standard input. */
export interface TextFile {
  /** Undefined for standard input. */
  readonly path: string | undefined;
  /** As the user knows it. */
  readonly name: string;
  readonly gzip: boolean;
  /** Whether it is a named pipe. */
  readonly pipe: boolean;
  /** Bytes on the disk; undefined for anything but a plain file. */
  readonly size: number | undefined;
  /** Changes when the file does; undefined for anything but a plain file. */
  readonly stamp: string | undefined;
}

/** How standard input is named among the inputs. */
export const STDIN = '-';

const STDIN_TEXT: TextFile = {
  path: undefined,
  name: 'standard input',
  gzip: false,
  pipe: false,
  size: undefined,
  stamp: undefined,
};

/** Whether a folder as a text takes a file of this name. */
export function isTextName(name: string): boolean {
  return /\.txt(\.gz)?$/i.test(name);
}

/**
 * The files that inputs stand for, in order. A folder stands for all files in it and in its folders that end in .txt or
 * .txt.gz, sorted by their path; names that begin with a dot are left out, and links to folders.
 * @throws UserError for an input that is not there or cannot be read, a folder without texts, and a second `-`.
 */
export async function findTexts(inputs: readonly string[]): Promise<TextFile[]> {
  if (inputs.filter((input) => input === STDIN).length > 1) {
    throw new UserError('standard input (-) must be given once, but came more than once; keep one of them');
  }
  const texts: TextFile[] = [];
  for (const input of inputs) texts.push(...(input === STDIN ? [STDIN_TEXT] : await textsAt(input)));
  return texts;
}

async function textsAt(input: string): Promise<TextFile[]> {
  const text = await describe(input, input);
  if (text !== 'folder') return [text];
  const found = await textsIn(input);
  if (found.length > 0) return found;
  throw new UserError(
    `a folder as a corpus must hold files that end in .txt or .txt.gz, but '${input}' has none; name files in it`,
  );
}

async function textsIn(folder: string): Promise<TextFile[]> {
  const paths: string[] = [];
  await collect(folder, paths);
  // By the path with /, so that the order is the same on every machine.
  const keyOf = (path: string) => path.replaceAll('\\', '/');
  paths.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const texts = await Promise.all(paths.map((path) => describe(path, path)));
  return texts.filter((text) => text !== 'folder');
}

async function collect(folder: string, paths: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw readError(error, folder);
  });
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, paths);
    else if (isTextName(entry.name)) paths.push(path);
  }
}

async function describe(path: string, name: string): Promise<TextFile | 'folder'> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw readError(error, name);
  });
  if (found.isDirectory()) return 'folder';
  const plain = found.isFile();
  return {
    path: resolve(path),
    name,
    gzip: /\.gz$/i.test(path),
    pipe: found.isFIFO(),
    size: plain ? Number(found.size) : undefined,
    stamp: plain ? `${found.size} ${found.mtimeNs} ${found.ctimeNs}` : undefined,
  };
}

/** @throws UserError for a file that is no longer what it was when it was found. */
export async function checkUnchanged({ path, name, stamp }: TextFile): Promise<void> {
  if (path === undefined || stamp === undefined) return;
  const now = await describe(path, name);
  if (now !== 'folder' && now.stamp === stamp) return;
  throw new UserError(
    `a text must stay as it is while it is read, but '${name}' has changed; start again when it is complete`,
  );
}

/** What several inputs are called together. */
export function nameOf(inputs: readonly string[]): string {
  const names = inputs.map((input) => (input === STDIN ? STDIN_TEXT.name : input));
  return names.length <= 3 ? names.join(', ') : `${names[0]} and ${names.length - 1} others`;
}
