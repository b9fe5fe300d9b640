import fs from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { listCache } from '../../src/corpus/cache.js';
import { scratchFolder } from '../scratch-folder.js';

const LOCKED = `corpus-${'f'.repeat(24)}.symbols`;

// Root may read whatever the permissions say.
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const openSync = (path: string, flags: string) => {
    if (path.endsWith(LOCKED)) throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    return real.openSync(path, flags);
  };
  return { ...real, openSync };
});

it('an entry that may not be read is listed with its size, and no descriptor is left open', () => {
  const folder = scratchFolder();
  fs.writeFileSync(join(folder, LOCKED), '1234');
  fs.writeFileSync(join(folder, `corpus-${'a'.repeat(24)}.symbols`), 'broken');
  const before = openDescriptors();
  expect(
    listCache(folder)
      .map(({ bytes, sources }) => [bytes, sources])
      .sort(),
  ).toEqual([
    [4, undefined],
    [6, undefined],
  ]);
  expect(openDescriptors()).toBe(before);
});

/** How many this process has; 0 where the system does not list them. */
function openDescriptors(): number {
  return fs.existsSync('/proc/self/fd') ? fs.readdirSync('/proc/self/fd').length : 0;
}
