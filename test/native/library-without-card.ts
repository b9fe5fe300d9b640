import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BINDING_NAME } from '../../src/native/binding.js';
import { writeManifest } from '../../src/native/manifest.js';
import { installationFolder, locateSite } from '../../src/native/site.js';
import { nativeStatus } from '../../src/native/status.js';

/** Whether this machine has what `installWithoutCard` takes. */
export const canInstallWithoutCard =
  nativeStatus().kind === 'ready' && `${process.platform}-${process.arch}` === 'linux-x64';

/**
 * Puts the plain library, which sees no card as the one with CUDA sees none on a machine without, where that one would
 * be, in the cache folder that MIN_CHAR_RNN_CACHE names. @returns its folder.
 */
export async function installWithoutCard(): Promise<string> {
  const plain = nativeStatus();
  if (plain.kind !== 'ready') throw new Error('the native library must be set up; npm run setup');
  const site = locateSite('gpu');
  const folder = installationFolder(site);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(plain.folder, BINDING_NAME), join(folder, BINDING_NAME));
  symlinkSync(join(plain.folder, 'lib'), join(folder, 'lib'));
  await writeManifest(folder, site.variant);
  return folder;
}
