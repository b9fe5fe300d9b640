import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Whether a plain file has these bytes at an offset; false for what is no plain file. */
export function hasBytesAt(path: string, bytes: Buffer, offset = 0): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const found = Buffer.alloc(bytes.length);
    readSync(file, found, 0, found.length, offset);
    return found.equals(bytes);
  } finally {
    closeSync(file);
  }
}
