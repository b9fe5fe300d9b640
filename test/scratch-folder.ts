import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A new folder for the running test, removed when it has ended.
 * @param atEnd the test context's own where tests run side by side: which of them is running cannot be seen there.
 */
export function scratchFolder(atEnd: (end: () => void) => void = onTestFinished): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-test-')));
  atEnd(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Everything in a folder that a write could change, to compare with what is there later. */
export function snapshotOf(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { ino, size, mtimeMs, mode } = lstatSync(join(folder, name));
    return [name, ino, size, mtimeMs, mode];
  });
}

/** Bytes that are all alike, so that a mixture of two files shows. */
export function filled(byte: number, length = 1000): Uint8Array {
  return new Uint8Array(length).fill(byte);
}
