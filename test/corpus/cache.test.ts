import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished, type TestContext, vi } from 'vitest';
import { clearCache, corpusCacheFolder, listCache } from '../../src/corpus/cache.js';
import { type OpenCorpus, openCorpus, type OpenOptions } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { stemOf, unfinishedName } from '../../src/system/unfinished.js';
import { UserError } from '../../src/errors.js';
import { type ProcessIdentity, thisProcess } from '../../src/system/process-identity.js';
import { compiled } from '../compiled.js';
import { scratchFolder } from '../scratch-folder.js';
import { textOf } from './text-of.js';

let folder = '';
let cache = '';
let text = '';
beforeEach(() => {
  folder = scratchFolder();
  cache = join(folder, 'cache');
  text = join(folder, 'text.txt');
  fs.writeFileSync(text, 'what is kept ä\n'.repeat(100));
});

async function opened(options: Partial<OpenOptions> = {}, inputs: string | string[] = text): Promise<OpenCorpus> {
  return openCorpus(inputs, { encoding: 'utf-8', cache, memoryLimit: 100, ...options });
}

/** Opens and closes; whether what was kept is used again, and where it is. */
async function looked(options: Partial<OpenOptions> = {}): Promise<{ reused: boolean; path: string }> {
  const corpus = await opened(options);
  const { storage } = corpus;
  const content = fs.readFileSync(text, 'utf8');
  expect(textOf(corpus)).toBe(content);
  if (storage.kind !== 'cache') throw new Error(`it is in ${storage.kind}`);
  return storage;
}

describe('a text that is kept', () => {
  it('is used again, with the same symbols and the same hash', async () => {
    const first = await opened();
    const second = await opened();
    expect([first.storage, second.storage]).toMatchObject([{ reused: false }, { reused: true }]);
    expect(second.hash).toBe(first.hash);
    expect(second.vocabulary.symbols).toEqual(first.vocabulary.symbols);
    expect(textOf(second)).toBe(textOf(first));
  });

  it('is used again with another vocabulary and for another --min-count, as it is the same text', async () => {
    await looked();
    const corpus = await opened({ minCount: 101 });
    expect(corpus.storage).toMatchObject({ reused: true });
    expect(corpus.vocabulary.symbols).toContain(0xfffd);
    corpus.close();
  });

  it.each<[string, () => void]>([
    ['has another size', () => fs.appendFileSync(text, 'more')],
    [
      'has the same size at another time',
      () => {
        fs.writeFileSync(text, 'What is kept ä\n'.repeat(100));
        // Within one tick of the system's clock, two writes have the same time.
        fs.utimesSync(text, 0, 0);
      },
    ],
  ])('is written again when the text %s, in the same place', async (_what, change) => {
    const before = await looked();
    change();
    expect(await looked()).toMatchObject({ reused: false, path: before.path });
    expect(fs.readdirSync(cache)).toHaveLength(1);
    expect(await looked()).toMatchObject({ reused: true });
  });

  it('is written again when a folder has another file', async () => {
    const sub = join(folder, 'sub');
    fs.mkdirSync(sub);
    fs.copyFileSync(text, join(sub, 'a.txt'));
    (await opened({}, sub)).close();
    fs.copyFileSync(text, join(sub, 'b.txt'));
    const corpus = await opened({}, sub);
    expect(corpus.storage).toMatchObject({ reused: false });
    expect(textOf(corpus)).toBe(fs.readFileSync(text, 'utf8').repeat(2));
    expect(fs.readdirSync(cache)).toHaveLength(1);
  });

  it('is another in bytes, and in another order of files', async () => {
    await looked();
    (await opened({ encoding: 'bytes' })).close();
    const other = join(folder, 'other.txt');
    fs.writeFileSync(other, 'x');
    (await opened({}, [text, other])).close();
    expect(textOf(await opened({}, [other, text]))).toMatch(/^xwhat/);
    expect(fs.readdirSync(cache)).toHaveLength(4);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['is empty', () => Buffer.of()],
    ['is cut in the middle', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['lacks its last byte', (bytes) => bytes.subarray(0, -1)],
    ['has lost symbols', (bytes) => Buffer.concat([bytes.subarray(0, 100), bytes.subarray(101)])],
    ['has more symbols', (bytes) => Buffer.concat([bytes.subarray(0, 100), bytes.subarray(99)])],
    ['begins with something else', (bytes) => (bytes.write('x'), bytes)],
    ['says a length that is too long', (bytes) => (bytes.writeBigUInt64LE(2n ** 60n, bytes.length - 24), bytes)],
    ['says a length that is too short', (bytes) => (bytes.writeBigUInt64LE(3n, bytes.length - 24), bytes)],
    ['has counts that do not add up', (bytes) => swap(bytes, '"counts":[100,', '"counts":[101,')],
    ['has a segment with a gap', (bytes) => swap(bytes, '"offset":16', '"offset":17')],
    ['is of an older version', (bytes) => swap(swapLast(bytes, 'v2', 'v1'), 'min-char-rnn v2', 'min-char-rnn v1')],
    ['has no JSON', (bytes) => swap(bytes, '{"endianness', 'X"endianness')],
    ['has another byte order', (bytes) => swap(bytes, '"endianness":"LE"', '"endianness":"BE"')],
  ])('is written again when its file %s', async (_what, damage) => {
    const { path } = await looked();
    const whole = fs.readFileSync(path);
    fs.writeFileSync(path, damage(Buffer.from(whole)));
    expect(await looked()).toMatchObject({ reused: false, path });
    expect(fs.readFileSync(path)).toEqual(whole);
    expect(await looked()).toMatchObject({ reused: true });
  });

  it('can be read on when its file is removed or replaced, and when the text changes', async () => {
    const content = fs.readFileSync(text, 'utf8');
    const corpus = await opened();
    fs.writeFileSync(text, 'all else'.repeat(100));
    await looked();
    clearCache(cache);
    expect(textOf(corpus)).toBe(content);
  });

  it('is for its owner alone', async () => {
    const { path } = await looked();
    if (process.platform !== 'win32') expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not kept below the limit of memory, for --no-cache, and of standard input', async () => {
    const stdin = fs.createReadStream(text);
    const unkept = [await opened({ memoryLimit: 1e6 }), await opened({ cache: false }), await opened({ stdin }, '-')];
    expect(unkept.map(({ storage }) => storage.kind)).toEqual(['memory', 'temporary', 'temporary']);
    for (const corpus of unkept) expect(textOf(corpus)).toBe(fs.readFileSync(text, 'utf8'));
    expect(fs.existsSync(cache)).toBe(false);
  });
});

/** A process that begins to write an entry of a text into the cache, and never ends. */
function endlessly(file: string): ChildProcess {
  const source = compiled(new URL('../../src/corpus/open-corpus.ts', import.meta.url));
  const program = `import { openCorpus } from ${JSON.stringify(source)};
    const onProgress = () => { for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };
    const [file, cache] = ${JSON.stringify([file, cache])};
    await openCorpus(file, { encoding: 'utf-8', cache, memoryLimit: 0, onProgress });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Leaves an unfinished file of a process with such an identity, else this one's; returns its name. */
function leave(identity: Partial<ProcessIdentity>): string {
  fs.mkdirSync(cache, { recursive: true });
  const name = unfinishedName(`corpus-${'0'.repeat(24)}`, { ...thisProcess(), ...identity });
  fs.writeFileSync(join(cache, name), 'half');
  return name;
}

describe('a text that could not be kept', () => {
  it('is in a temporary file, which says why, where the cache folder cannot be made', async () => {
    const corpus = await opened({ cache: join(text, 'cache') });
    expect(corpus.storage).toMatchObject({ kind: 'temporary', reason: expect.stringContaining('ENOTDIR') as string });
    expect(textOf(corpus)).toBe(fs.readFileSync(text, 'utf8'));
  });

  it('is refused when the disk is full, and leaves nothing half', async (context) => {
    fs.mkdirSync(cache);
    mountTmpfs(cache, context);
    fs.writeFileSync(text, 'a text that is larger than the disk\n'.repeat(20_000));
    await expect(opened()).rejects.toThrow(UserError);
    await expect(opened()).rejects.toThrow(
      new RegExp(
        `must be encoded in a file, but in '.*cache' that fails: its disk is full; make room, or set MIN_CHAR_RNN_CACHE`,
      ),
    );
    expect(fs.readdirSync(cache)).toEqual([]);
    expect(textOf(await opened({ cache: false }))).toBe(fs.readFileSync(text, 'utf8'));
  });

  it('leaves nothing when it turns out to be no text', async () => {
    fs.appendFileSync(text, Buffer.of(0xff));
    await expect(opened()).rejects.toThrow(/invalid byte 0xFF/);
    expect(fs.readdirSync(cache)).toEqual([]);
  });

  it('leaves its file to be removed by the next one when its process was killed', async () => {
    const child = endlessly(text);
    const unfinished = () => (fs.existsSync(cache) ? fs.readdirSync(cache) : []);
    while (unfinished().length === 0) await sleep(10);
    const [name] = unfinished();
    // Another run leaves it alone as long as its process lives.
    await looked();
    expect(fs.readdirSync(cache)).toContain(name);
    expect(clearCache(cache)).toHaveLength(1);
    expect(fs.readdirSync(cache)).toEqual([name]);
    child.kill('SIGKILL');
    await once(child, 'close');
    const { path } = await looked();
    expect(fs.readdirSync(cache)).toEqual([basename(path)]);
  });

  it.runIf(process.platform === 'linux')('is distinguished from that of a process which has its id now', async () => {
    const name = leave({ start: '1' });
    await looked();
    expect(fs.readdirSync(cache)).not.toContain(name);
  });

  it('stays where its process cannot be seen, but not for ever', async () => {
    const name = leave({ host: 'another', boot: 'another' });
    await looked();
    expect(fs.readdirSync(cache)).toContain(name);
    fs.utimesSync(join(cache, name), 0, Date.now() / 1000 - 23 * 3600);
    expect(clearCache(cache)).toHaveLength(1);
    fs.utimesSync(join(cache, name), 0, Date.now() / 1000 - 25 * 3600);
    await looked();
    expect(fs.readdirSync(cache)).not.toContain(name);
  });
});

describe('two processes at once', () => {
  const CHILD = fileURLToPath(compiled(new URL('open-corpus-child.ts', import.meta.url)));

  it('both have the text, and one whole file is kept', async () => {
    fs.writeFileSync(text, 'words and ä, '.repeat(500_000));
    const run = () =>
      new Promise<string>((resolve, reject) => {
        const child = spawn(process.execPath, [CHILD, text, cache]);
        let out = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => reject(new Error(chunk.toString())));
        child.on('close', () => resolve(out));
        // Both begin when both are ready.
        child.stdout.once('data', () => ready(() => child.stdin.end('go')));
      });
    const waiting: (() => void)[] = [];
    const ready = (go: () => void) => {
      if (waiting.push(go) === 2) for (const start of waiting) start();
    };
    const [one, other] = await Promise.all([run(), run()]);
    expect(one).toBe(other);
    expect(one).toMatch(/^ready\n[0-9a-f]{64}\n$/);
    expect(listCache(cache)).toMatchObject([{ sources: [text] }]);
    expect(await looked()).toMatchObject({ reused: true });
  });
});

describe('the cache', () => {
  it('is listed with what its files were made of', async () => {
    const { path } = await looked();
    fs.writeFileSync(join(cache, `corpus-${'a'.repeat(24)}.symbols`), 'broken');
    const { size } = fs.statSync(path);
    expect(listCache(cache)).toEqual(
      expect.arrayContaining([
        { path, bytes: size, sources: [text] },
        { path: join(cache, `corpus-${'a'.repeat(24)}.symbols`), bytes: 6, sources: undefined },
      ]),
    );
    expect(listCache(join(folder, 'nowhere'))).toEqual([]);
  });

  it('is cleared of its own files alone, and goes when it is empty', async () => {
    await looked();
    const foreign = ['notes.txt', 'corpus-1.symbols', `corpus-${'a'.repeat(24)}.symbols.bak`];
    for (const name of foreign) fs.writeFileSync(join(cache, name), 'mine');
    fs.mkdirSync(join(cache, `corpus-${'b'.repeat(24)}.symbols`));
    fs.symlinkSync(text, join(cache, `corpus-${'c'.repeat(24)}.symbols`));
    expect(clearCache(cache)).toHaveLength(1);
    const left = [...foreign, `corpus-${'b'.repeat(24)}.symbols`, `corpus-${'c'.repeat(24)}.symbols`];
    expect(fs.readdirSync(cache).sort()).toEqual(left.sort());
    fs.rmSync(cache, { recursive: true });
    await looked();
    expect(clearCache(cache)).toHaveLength(1);
    expect(fs.existsSync(cache)).toBe(false);
    expect(fs.existsSync(text)).toBe(true);
    expect(clearCache(cache)).toEqual([]);
  });

  it('is cleared where its folder must stay, as a link or the place of a disk does', async (context) => {
    const elsewhere = join(folder, 'elsewhere');
    fs.mkdirSync(elsewhere);
    fs.symlinkSync(elsewhere, cache);
    await looked();
    expect(clearCache(cache)).toHaveLength(1);
    expect(fs.readdirSync(cache)).toEqual([]);
    fs.unlinkSync(cache);
    fs.mkdirSync(cache);
    mountTmpfs(cache, context);
    await looked();
    expect(clearCache(cache)).toHaveLength(1);
    expect(fs.readdirSync(cache)).toEqual([]);
  });

  it('cannot be listed or cleared where a file stands in its place', () => {
    expect(() => listCache(text)).toThrow(/ENOTDIR/);
    expect(() => clearCache(text)).toThrow(/ENOTDIR/);
  });

  it('is a folder of its own in the program’s cache, where that is', async () => {
    vi.stubEnv('MIN_CHAR_RNN_CACHE', join(folder, 'chosen'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(corpusCacheFolder()).toBe(join(folder, 'chosen', 'corpora'));
    const { path } = await looked({ cache: undefined });
    expect(path.startsWith(corpusCacheFolder())).toBe(true);
  });

  it('has the text under another name while that is written', async () => {
    const names: string[] = [];
    const onProgress = () => void (fs.existsSync(cache) && names.push(...fs.readdirSync(cache)));
    const { path } = await looked({ onProgress });
    const [, stem = '?'] = /^(corpus-[0-9a-f]{24})\.symbols$/.exec(basename(path)) ?? [];
    expect(names.map(stemOf)).toEqual([stem]);
  });
});

it('windows of a kept text are those of memory', async () => {
  const [kept, memory] = [await opened(), await opened({ memoryLimit: 1e9 })];
  const windows = (corpus: OpenCorpus) => {
    const streams = new Streams(corpus.symbols, 3, 7, 'text');
    const [inputs, targets] = [new Int32Array(210), new Int32Array(210)];
    streams.fill(4, 10, inputs, targets);
    return [inputs, targets];
  };
  expect(windows(kept)).toEqual(windows(memory));
  kept.close();
});

/** Makes a folder a disk of 256 KiB of its own for the running test, which is skipped where that may not be. */
function mountTmpfs(place: string, { skip }: TestContext): void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', place], { stdio: 'pipe' });
  } catch {
    skip('a small disk cannot be mounted; as root on Linux');
  }
  onTestFinished(() => void execFileSync('umount', [place]));
}

function swap(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`no ${from}`);
  bytes.write(to, at);
  return bytes;
}

function swapLast(bytes: Buffer, from: string, to: string): Buffer {
  bytes.write(to, bytes.lastIndexOf(from));
  return bytes;
}
