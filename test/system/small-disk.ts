import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, type TestContext } from 'vitest';
import { scratchFolder } from '../scratch-folder.js';

/** A disk of a few kilobytes, gone after the test; where none can be mounted (that takes root) the test is skipped. */
export function smallDisk({ skip }: TestContext, kilobytes = 256): string {
  const folder = scratchFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    skip('a small disk cannot be mounted; as root on Linux');
  }
  // Lazily: a process that was just killed may not be quite gone.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** Makes a small disk read-only, as soon as no file is open for writing there. */
export async function makeReadOnly(folder: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' });
      return;
    } catch (error) {
      if (tries === 3000) throw error;
      await sleep(10);
    }
  }
}
