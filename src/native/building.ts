import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../system/process-identity.js';
import { codeOf } from '../errors.js';
import { inspectInstallation } from './manifest.js';

const PREFIX = '.building-';

/** Runs `build` with a new temporary folder of the cache, and removes the folder however the build ends. */
export async function inBuildingFolder<T>(cacheRoot: string, build: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(cacheRoot, `${PREFIX}${process.pid}-`));
  try {
    return await build(folder);
  } finally {
    removeFolder(folder);
  }
}

/** Removes what set-ups that were killed have left in the cache; those that still run keep theirs. */
export function removeLeftovers(cacheRoot: string): void {
  for (const name of readdirSync(cacheRoot)) {
    const owner = /^\.building-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) removeFolder(join(cacheRoot, name));
  }
}

/** A process that just ended may still be writing: hence the retries, and hence no error for what stays behind. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch {
    // The next set-up tries again.
  }
}

/**
 * Moves a finished installation to its place in one step.
 * What is there already goes aside first, unless `keepIntact` and it is intact: then another set-up was faster.
 */
export function moveIntoPlace(finished: string, place: string, { keepIntact }: { keepIntact: boolean }): void {
  if (keepIntact && inspectInstallation(place).state === 'intact') return;
  moveAside(place, `${finished}-before`);
  renameSync(finished, place);
}

/** Processes that have loaded these libraries go on with them, wherever the files are. */
function moveAside(place: string, aside: string): void {
  try {
    renameSync(place, aside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
