import { copyFileSync, linkSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BINDING_NAME } from './binding.js';
import { codeOf } from '../errors.js';
import { sha256Of } from '../system/hash.js';
import { inspectInstallation, type Manifest } from './manifest.js';
import { INSTALLATION_PREFIX } from './site.js';
import type { WheelVariant } from './variants.js';

/** An installation whose libraries can serve another one: made from the same wheels, with another binding. */
export interface Donor {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Finds one in the cache, such as the last version of this program has left, so that nothing is downloaded again. */
export function findDonor(cacheRoot: string, variant: WheelVariant): Donor | undefined {
  for (const name of readdirSync(cacheRoot).filter((entry) => entry.startsWith(INSTALLATION_PREFIX))) {
    const folder = join(cacheRoot, name);
    const inspection = inspectInstallation(folder);
    if (inspection.state === 'intact' && isFrom(variant, inspection.manifest))
      return { folder, manifest: inspection.manifest };
  }
  return undefined;
}

function isFrom({ platform, sha256, companions }: WheelVariant, manifest: Manifest): boolean {
  const others = companions.map((wheel) => wheel.sha256).join();
  return (
    manifest.platform === platform && manifest.wheel.sha256 === sha256 && (manifest.companions ?? []).join() === others
  );
}

/**
 * Gives a new installation the libraries and headers of another one, as further names of the same files where the file
 * system can.
 * @returns false where one of the files is no longer what its manifest says: then nothing of it should be used.
 */
export async function takeLibraries({ folder, manifest }: Donor, into: string): Promise<boolean> {
  for (const { path, sha256 } of manifest.files) {
    if (path === BINDING_NAME) continue;
    if ((await sha256Of(join(folder, path))) !== sha256) return false;
    mkdirSync(dirname(join(into, path)), { recursive: true });
    linkOrCopy(join(folder, path), join(into, path));
  }
  for (const { path, target } of manifest.links) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    symlinkSync(target, join(into, path));
  }
  return true;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === 'ENOSPC') throw error;
    copyFileSync(from, to);
  }
}
