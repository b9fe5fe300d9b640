import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nativeStatus } from '../src/native/status.js';

// Asked before anyone names another cache.
const status = nativeStatus();

/** Gives another cache folder the native library of this user's, where there is one. */
export function shareLibrary(cacheFolder: string): void {
  if (status.kind === 'absent') return;
  mkdirSync(cacheFolder, { recursive: true });
  symlinkSync(status.folder, join(cacheFolder, basename(status.folder)));
}
