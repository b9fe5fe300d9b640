import { accessSync, constants, fsync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, messageOf, UserError } from '../errors.js';
import { unfinishedName } from './unfinished.js';

/** Why a write failed and what helps, by the system's error code. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full, so free some space',
  EDQUOT: 'the disk quota is used up, so free some space',
  EACCES: 'permission is denied, so choose a place that you can write to',
  EPERM: 'the system does not permit it, so choose a place that you can write to',
  EROFS: 'the file system is read-only, so choose another place',
  ENOENT: 'its folder does not exist, so create it or choose another',
  ENOTDIR: 'its folder is not a folder, so choose another',
  EISDIR: 'it must name a file but names a folder, so add a file name',
  ENAMETOOLONG: 'its name is too long, so choose a shorter one',
};

/** By the descriptor, because the files of Plug'n'Play have no `sync` of their own. */
const sync = (fd: number) => promisify(fsync)(fd);

interface Destination {
  /** Where the bytes go: the given path with every symbolic link followed. */
  readonly path: string;
  /** The plain file that is there now. */
  readonly previous: Stats | undefined;
}

/**
 * Replaces a file in one step: a reader at any time, also after a crash or a power cut, finds the whole old
 * bytes or the whole new ones. An existing file keeps its mode, and its owner where the system allows; a symbolic link
 * stays, and the file that it leads to is replaced or made.
 *
 * Why no library: write-file-atomic 7.0.1 and atomically 2.1.1 write once and ignore how much was written, so on a disk
 * that fills up they rename a cut-off file over the good one (fabiospampinato/atomically#18).
 *
 * A process killed while it writes leaves a file with an {@link unfinishedName}.
 * @throws {UserError} one line: the cause, what helps, and that the previous file is untouched.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const { path: target, previous } = destinationOf(path);
  // In the same folder, because a rename is one step only within a file system.
  const temporary = unfinishedName(target);
  try {
    await writeNew(temporary, bytes, previous);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw saveError(path, error);
  }
  await syncFolder(dirname(target));
}

/**
 * Finds out before a long run whether {@link writeFileAtomically} can work, except for the space; changes nothing.
 * @throws {UserError} one line: the folder is missing, no folder or not writable, or `path` is a folder, a device, a
 * write-protected file or too long a name.
 */
export function assertWritable(path: string): void {
  const { path: target, previous } = destinationOf(path);
  try {
    accessSync(dirname(target), constants.W_OK | constants.X_OK);
    if (previous) accessSync(target, constants.W_OK);
    // Only the longer name of the temporary file may be too long.
    lstatSync(unfinishedName(target), { throwIfNoEntry: false });
  } catch (error) {
    throw saveError(path, error);
  }
}

/**
 * Where the bytes of a file go: the path with every symbolic link followed.
 * @throws {UserError} as {@link assertWritable}, where it cannot be found out.
 */
export function realDestination(path: string): string {
  return destinationOf(path).path;
}

function destinationOf(path: string): Destination {
  try {
    const target = followLinks(path);
    const previous = statSync(target, { throwIfNoEntry: false });
    if (previous?.isDirectory() || path.endsWith('/')) throw systemError('EISDIR');
    // Renaming over /dev/null would replace it for the whole machine.
    if (previous && !previous.isFile())
      throw new UserError(`Cannot save ${path}: it must be a plain file, so name one`);
    return { path: target, previous };
  } catch (error) {
    throw saveError(path, error);
  }
}

/** The real path of a file that may not be there yet, also behind a link that leads to nothing yet. */
function followLinks(path: string): string {
  const folder = realpathSync(dirname(resolve(path)));
  // Windows would look for a file in a file.
  if (!statSync(folder).isDirectory()) throw systemError('ENOTDIR');
  const entry = join(folder, basename(resolve(path)));
  if (!lstatSync(entry, { throwIfNoEntry: false })?.isSymbolicLink()) return entry;
  // The system's own check for links that lead back to themselves.
  statSync(entry, { throwIfNoEntry: false });
  return followLinks(resolve(folder, readlinkSync(entry)));
}

async function writeNew(temporary: string, bytes: Uint8Array, previous: Stats | undefined): Promise<void> {
  // 'wx' never opens a file or link that another process put there.
  const file = await open(temporary, 'wx', previous && previous.mode & 0o777);
  try {
    await file.writeFile(bytes);
    if (previous) await keepOwnerAndMode(file, previous);
    await sync(file.fd);
  } finally {
    await file.close();
  }
}

/** As far as the system allows: giving files away takes root, and some file systems have no modes at all. */
async function keepOwnerAndMode(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  await file.chown(uid, gid).catch(() => undefined);
  await file.chmod(mode & 0o777).catch(() => undefined);
}

/**
 * Makes the rename itself survive a power cut. Windows and some network file systems cannot; then the file is still
 * whole, and only which of the two it is stays open.
 */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle) await sync(handle.fd).catch(() => undefined);
  await handle?.close();
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A system error as the user's; anything else is a bug and stays as it is. To be thrown by the caller. */
export function saveError(path: string, error: unknown): unknown {
  const code = codeOf(error) ?? '';
  // Node's own codes, such as ERR_INVALID_ARG_TYPE, are mistakes of the program's.
  if (!/^E[A-Z0-9]+$/.test(code)) return error;
  const cause = CAUSES[code] ?? messageOf(error);
  return new UserError(`Cannot save ${path}: ${cause}; the previous file, if any, is untouched`);
}
