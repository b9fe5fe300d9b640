import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { assertWritable, writeFileAtomically } from '../../src/system/atomic-write.js';
import { compiled } from '../compiled.js';
import { filled, scratchFolder } from '../scratch-folder.js';
import { makeReadOnly, smallDisk } from './small-disk.js';

const posix = process.platform !== 'win32';

let folder = '';
/** The file that the tests write, in a folder with nothing else. */
let path = '';

beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, 'some.safetensors');
});

describe('a place that the system does not let us write', () => {
  it.runIf(posix)('is refused when its folder is not ours', async () => {
    fs.writeFileSync(path, filled(1));
    fs.chmodSync(path, 0o666);
    fs.chmodSync(folder, 0o555);
    onTestFinished(() => fs.chmodSync(folder, 0o755));
    expect(await messagesToOthers()).toEqual({
      start: expect.stringMatching(/^UserError: .* permission is denied/) as string,
      write: expect.stringMatching(/^UserError: .* permission is denied/) as string,
    });
    expect(new Uint8Array(fs.readFileSync(path))).toEqual(filled(1));
  });

  it.runIf(posix)('is refused at the start when the file is write-protected', async () => {
    fs.writeFileSync(path, filled(1));
    fs.chmodSync(path, 0o444);
    fs.chmodSync(folder, 0o777);
    expect(await messagesToOthers()).toMatchObject({
      start: expect.stringContaining('permission is denied') as string,
    });
  });

  it('is refused when its file system is read-only', async (context) => {
    path = join(smallDisk(context), 'some.safetensors');
    fs.writeFileSync(path, filled(1));
    await makeReadOnly(dirname(path));
    expect(() => assertWritable(path)).toThrow('the file system is read-only');
    await expect(writeFileAtomically(path, filled(2))).rejects.toThrow('the file system is read-only');
    expect(new Uint8Array(fs.readFileSync(path))).toEqual(filled(1));
  });

  it('keeps the old file when the disk is full', async (context) => {
    path = join(smallDisk(context), 'some.safetensors');
    // There is room for half of the new bytes: the system takes those without an error.
    fs.writeFileSync(path, filled(1, 160_000));
    assertWritable(path);
    const write = writeFileAtomically(path, filled(2, 160_000));
    await expect(write).rejects.toThrow(`Cannot save ${path}: the disk is full, so free some space; the previous file`);
    expect(fs.readFileSync(path).equals(filled(1, 160_000))).toBe(true);
    expect(fs.readdirSync(dirname(path))).toEqual(['some.safetensors']);
  });
});

it.runIf(posix)('a process killed at any moment leaves the whole old file or the whole new one', async () => {
  const length = 3_000_000;
  let unfinished = 0;
  for (let round = 0; round < 10 || (unfinished === 0 && round < 100); round++) {
    await killWriter(length, (7 * round) % 70);
    const found = fs.readFileSync(path);
    expect(found.equals(filled(found[0] ?? 0, length))).toBe(true);
    const others = fs.readdirSync(folder).filter((name) => name !== 'some.safetensors');
    unfinished += others.length;
    others.forEach((name) => fs.rmSync(join(folder, name)));
  }
  // Otherwise no kill came in the middle of a write, and the test has shown nothing.
  expect(unfinished).toBeGreaterThan(0);
});

/** Starts a process that writes over and over, and kills it some milliseconds after its first write. */
async function killWriter(length: number, delay: number): Promise<void> {
  const child = start(`for (let round = 0; ; round++) {
    await writeFileAtomically(path, new Uint8Array(${length}).fill(round % 251));
    if (round === 0) console.log('started');
  }`);
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, delay));
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** What both functions tell a user who has no rights of their own; run in a process apart, as root has them all. */
async function messagesToOthers(): Promise<unknown> {
  const child = start(`if (process.getuid() === 0) {
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
    }
    const messageOf = (error) => \`\${error.name}: \${error.message}\`;
    const start = await Promise.resolve().then(() => assertWritable(path)).catch(messageOf);
    const write = await writeFileAtomically(path, new Uint8Array(9)).catch(messageOf);
    console.log(JSON.stringify({ start, write }));`);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Runs a program in a process of its own, with both functions and the test's path at hand. */
function start(program: string): ChildProcessByStdio<null, Readable, null> {
  const source = compiled(new URL('../../src/system/atomic-write.ts', import.meta.url));
  const top = `import { assertWritable, writeFileAtomically } from ${JSON.stringify(source)};
    const path = ${JSON.stringify(path)};`;
  const flags = ['--input-type=module', '--eval', top + program];
  return spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
}
