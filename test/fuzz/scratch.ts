import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** A folder for the files that the cases of this process need, removed at its end. */
export function scratch(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'min-char-rnn-fuzz-'));
    process.on('exit', removeScratch);
  }
  return folder;
}

/** Removes that folder, for processes that are ended without a word. */
export function removeScratch(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
