import { lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors.js';
import { cacheRoot } from '../system/cache-root.js';
import { aloneInCache, buildingName, type WaitOptions } from './building.js';
import { explainFileError } from './failures.js';
import { INSTALLATION_PREFIX, installationFolder, locateSite } from './site.js';

/** An installation that was removed. */
export interface Removed {
  readonly folder: string;
  /** Bytes that were freed: of its files, those that no other installation shares. */
  readonly bytes: number;
}

/**
 * Removes the installations of this user's cache that this version of the program does not use: those of other versions.
 * Another copy of the program that uses one of them has to be set up again.
 */
export async function cleanNative(options: WaitOptions): Promise<Removed[]> {
  const inUse = (['cpu', 'gpu'] as const).flatMap((device) => folderFor(device) ?? []);
  return cleanCache(cacheRoot(), inUse, options);
}

/** Removes all installations of this user's cache; programs that have loaded one keep running. */
export async function removeNative(options: WaitOptions): Promise<Removed[]> {
  return cleanCache(cacheRoot(), [], options);
}

function folderFor(device: 'cpu' | 'gpu'): string | undefined {
  try {
    return installationFolder(locateSite(device));
  } catch {
    // No such installation on this platform.
    return undefined;
  }
}

/** Removes all installations of a cache but those in `keep`, while no set-up works in it. */
export async function cleanCache(root: string, keep: readonly string[], options: WaitOptions): Promise<Removed[]> {
  try {
    return await aloneInCache(root, options, () => {
      const kept = new Set(keep);
      const stale = installationsIn(root).filter((folder) => !kept.has(folder));
      return Promise.resolve(stale.map(remove));
    });
  } catch (error) {
    // An empty cache is a clean one.
    if (codeOf(error) === 'ENOENT') return [];
    throw explainFileError(error, root);
  }
}

function installationsIn(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(INSTALLATION_PREFIX))
    .map(({ name }) => join(root, name));
}

/** Out of its place in one step, so that a removal cut short leaves no half installation there. */
function remove(folder: string): Removed {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => lstatSync(join(folder, path)));
  const bytes = files.filter((file) => file.isFile() && file.nlink === 1).reduce((sum, { size }) => sum + size, 0);
  const aside = buildingName(dirname(folder));
  renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true });
  return { folder, bytes };
}
