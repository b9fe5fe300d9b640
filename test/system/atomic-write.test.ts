import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { assertWritable, writeFileAtomically } from '../../src/system/atomic-write.js';
import { UserError } from '../../src/errors.js';
import { filled, scratchFolder, snapshotOf } from '../scratch-folder.js';

const posix = process.platform !== 'win32';

let folder = '';
/** The file that the tests write, in a folder with nothing else. */
let path = '';

beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, 'some.safetensors');
});

function modeOf(file: string): number {
  return fs.statSync(file).mode & 0o777;
}

/** The message of the UserError that a write must end with, having left the folder as it was. */
async function refusal(file: string): Promise<string> {
  const before = snapshotOf(folder);
  const error: unknown = await writeFileAtomically(file, filled(9)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UserError);
  expect(snapshotOf(folder)).toEqual(before);
  return (error as UserError).message;
}

describe('writing a file in one step', () => {
  it('makes a new file, and leaves no other behind', async () => {
    await writeFileAtomically(path, filled(1));
    expect(new Uint8Array(fs.readFileSync(path))).toEqual(filled(1));
    expect(fs.readdirSync(folder)).toEqual(['some.safetensors']);
  });

  it('replaces a longer file with a shorter one', async () => {
    fs.writeFileSync(path, filled(1, 5000));
    await writeFileAtomically(path, filled(2, 10));
    expect(new Uint8Array(fs.readFileSync(path))).toEqual(filled(2, 10));
    expect(fs.readdirSync(folder)).toEqual(['some.safetensors']);
  });

  it('leaves a reader that has the old file open with all of it', async () => {
    fs.writeFileSync(path, filled(1));
    const reader = fs.openSync(path, 'r');
    onTestFinished(() => fs.closeSync(reader));
    await writeFileAtomically(path, filled(2));
    expect(new Uint8Array(fs.readFileSync(reader))).toEqual(filled(1));
  });

  it.runIf(posix)('keeps the mode of the file, whatever the umask', async () => {
    for (const mode of [0o600, 0o666, 0o440]) {
      fs.writeFileSync(path, filled(1));
      fs.chmodSync(path, mode);
      await writeFileAtomically(path, filled(2));
      expect(modeOf(path)).toBe(mode);
      fs.rmSync(path);
    }
  });

  it.runIf(posix)('gives a new file the mode that any new file gets', async () => {
    await writeFileAtomically(path, filled(1));
    fs.writeFileSync(join(folder, 'other'), '');
    expect(modeOf(path)).toBe(modeOf(join(folder, 'other')));
  });

  it.runIf(posix && process.getuid?.() === 0)('keeps the owner when root writes', async () => {
    fs.writeFileSync(path, filled(1));
    fs.chownSync(path, 65534, 65534);
    await writeFileAtomically(path, filled(2));
    expect(fs.statSync(path)).toMatchObject({ uid: 65534, gid: 65534 });
  });

  it('leaves one whole file when several writes to it run at once', async () => {
    await Promise.all([1, 2, 3, 4].map((byte) => writeFileAtomically(path, filled(byte, 1e6))));
    const found = fs.readFileSync(path);
    expect(found.equals(filled(found[0] ?? 0, 1e6))).toBe(true);
    expect(fs.readdirSync(folder)).toHaveLength(1);
  });

  it('leaves nothing behind, and no excuse, when the program gives it what cannot be written', async () => {
    await expect(writeFileAtomically(path, 5 as never)).rejects.toThrow(TypeError);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('puts the bytes on the disk before the rename, and the rename after it', async () => {
    const calls: string[] = [];
    vi.spyOn(fs, 'fsync').mockImplementation((_fd, done) => (calls.push('sync'), done(null)));
    const { rename } = promises;
    vi.spyOn(promises, 'rename').mockImplementation((from, to) => (calls.push('rename'), rename(from, to)));
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
    syncBuiltinESMExports();
    await writeFileAtomically(path, filled(1));
    expect(calls).toEqual(posix ? ['sync', 'rename', 'sync'] : expect.arrayContaining(['sync', 'rename']));
  });
});

describe.runIf(posix)('a symbolic link', () => {
  it('stays a link while the file behind a chain of them is replaced', async () => {
    fs.mkdirSync(join(folder, 'far'));
    fs.writeFileSync(join(folder, 'far', 'real'), filled(1));
    fs.symlinkSync('real', join(folder, 'far', 'second'));
    fs.symlinkSync(join('far', 'second'), path);
    await writeFileAtomically(path, filled(2));
    expect(fs.readlinkSync(path)).toBe(join('far', 'second'));
    expect(fs.lstatSync(join(folder, 'far', 'real')).isFile()).toBe(true);
    expect(new Uint8Array(fs.readFileSync(join(folder, 'far', 'real')))).toEqual(filled(2));
    expect(fs.readdirSync(join(folder, 'far')).sort()).toEqual(['real', 'second']);
  });

  it('stays a link while the file behind it is made for the first time', async () => {
    fs.mkdirSync(join(folder, 'far'));
    fs.symlinkSync(join('far', 'real'), path);
    assertWritable(path);
    await writeFileAtomically(path, filled(1));
    expect(fs.readlinkSync(path)).toBe(join('far', 'real'));
    expect(fs.readdirSync(join(folder, 'far'))).toEqual(['real']);
  });

  it('may lead to the folder', async () => {
    fs.symlinkSync(folder, join(folder, 'here'));
    await writeFileAtomically(join(folder, 'here', 'some.safetensors'), filled(1));
    expect(fs.existsSync(path)).toBe(true);
  });

  it('is refused when it leads back to itself', async () => {
    fs.symlinkSync('some.safetensors', path);
    expect(await refusal(path)).toContain('ELOOP');
    expect(() => assertWritable(path)).toThrow(/ELOOP/);
  });
});

/** Places that nothing can be saved to: made in the test's folder, and part of what the message must say. */
const places: { name: string; make: () => string; message: string }[] = [
  { name: 'a folder', make: () => folder, message: 'it must name a file but names a folder' },
  { name: 'a folder to be', make: () => `${path}/`, message: 'it must name a file but names a folder' },
  { name: 'in no folder', make: () => join(folder, 'none', 'x'), message: 'its folder does not exist' },
  {
    name: 'in a file',
    make: () => {
      fs.writeFileSync(path, filled(1));
      return join(path, 'x');
    },
    message: 'its folder is not a folder',
  },
  { name: 'too long a name', make: () => join(folder, 'x'.repeat(250)), message: 'its name is too long' },
];

describe('a place that cannot be written', () => {
  it.each(places)('is refused at the start when it is $name', ({ make, message }) => {
    const place = make();
    const before = snapshotOf(folder);
    expect(() => assertWritable(place)).toThrow(UserError);
    expect(() => assertWritable(place)).toThrow(message);
    expect(snapshotOf(folder)).toEqual(before);
  });

  it.each(places)('is refused at the write when it is $name', async ({ make, message }) => {
    expect(await refusal(make())).toContain(message);
  });

  it.runIf(posix)('is refused when it is a device or pipe: renaming would replace it', async () => {
    execFileSync('mkfifo', [path]);
    expect(await refusal(path)).toContain('it must be a plain file');
    expect(() => assertWritable(path)).toThrow('it must be a plain file');
  });
});

describe('a place that can be written', () => {
  it('passes at the start, and nothing there changes', () => {
    assertWritable(path);
    expect(fs.readdirSync(folder)).toEqual([]);
    fs.writeFileSync(path, filled(1));
    const before = snapshotOf(folder);
    assertWritable(path);
    expect(snapshotOf(folder)).toEqual(before);
  });

  it('may be named from the current folder', async () => {
    const relativePath = relative(process.cwd(), path);
    assertWritable(relativePath);
    await writeFileAtomically(relativePath, filled(1));
    expect(fs.readdirSync(folder)).toEqual(['some.safetensors']);
  });
});
