import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { type OpenCorpus, openCorpus, type OpenOptions, readCorpus } from '../../src/corpus/open-corpus.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { UserError } from '../../src/errors.js';
import { scratchFolder } from '../scratch-folder.js';
import { textOf } from './text-of.js';

let folder = '';
beforeEach(() => {
  folder = scratchFolder();
});

/** Writes a file of the running test, and the folders that it is in; returns its path. */
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const UTF8 = { encoding: 'utf-8', cache: false } as const;

/** In memory, and from a file, whatever the size. */
const MODES: [string, Partial<OpenOptions>][] = [
  ['in memory', {}],
  ['in a file', { memoryLimit: 0 }],
];

async function opened(inputs: string | string[], options: Partial<OpenOptions> = {}): Promise<OpenCorpus> {
  return openCorpus(inputs, { ...UTF8, ...options });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe.each(MODES)('a corpus %s', (_mode, mode) => {
  it('is one file, with its vocabulary in order and its hash', async () => {
    const corpus = await opened(file('a.txt', 'zä€😀\naz'), mode);
    expect(corpus.vocabulary.symbols).toEqual([0x0a, 0x61, 0x7a, 0xe4, 0x20ac, 0x1f600]);
    expect(corpus.symbols.length).toBe(7);
    expect(corpus.hash).toBe(sha256('zä€😀\naz'));
    expect(textOf(corpus)).toBe('zä€😀\naz');
  });

  it('is several files and folders one after another, with nothing between them', async () => {
    const b = file('b.txt', 'second ');
    file('texts/b/z.txt', '4 ');
    file('texts/b.txt', '3 ');
    file('texts/a.TXT', '1 ');
    file('texts/aa.txt.gz', gzipSync('2 '));
    file('texts/c.md', 'never');
    file('texts/.hidden.txt', 'never');
    file('texts/.git/d.txt', 'never');
    symlinkSync(b, join(folder, 'texts', 'link.txt'));
    const corpus = await opened([b, join(folder, 'texts')], mode);
    expect(corpus.name).toBe(`${b}, ${join(folder, 'texts')}`);
    expect(corpus.hash).toBe(sha256('second 1 2 3 4 second '));
    expect(textOf(corpus)).toBe('second 1 2 3 4 second ');
  });

  it('has no byte order marks: of files, those in a folder, a .gz and standard input', async () => {
    file('texts/a.txt', '\ufeff2 ');
    file('texts/b.txt.gz', gzipSync('\ufeff3\ufeff '));
    const stdin = Readable.from([...Buffer.from('\ufeff4')].map((byte) => Buffer.of(byte)));
    const corpus = await opened([file('1.txt', '\ufeff1 '), join(folder, 'texts'), '-'], { ...mode, stdin });
    expect(corpus.hash).toBe(sha256('1 2 3\ufeff 4'));
    expect(textOf(corpus)).toBe('1 2 3\ufeff 4');
    await expect(opened(file('mark.txt', '\ufeff'), mode)).rejects.toThrow(/'.*mark\.txt' is empty/);
  });

  it('may be refused for what it is before its symbols are looked up', async () => {
    const vocabulary = new Vocabulary([0x78], 'utf-8');
    const check = ({ hash }: { hash: string }) => {
      throw new UserError(hash);
    };
    const opening = opened(file('a.txt', 'yes'), { ...mode, vocabulary, check });
    await expect(opening).rejects.toThrow(sha256('yes'));
  });

  it('is the text in a .gz, of several parts too', async () => {
    const text = 'many words, ä, '.repeat(30_000);
    const corpus = await opened(file('a.gz', Buffer.concat([gzipSync(text), gzipSync('end')])), mode);
    expect(corpus.hash).toBe(sha256(`${text}end`));
    expect(textOf(corpus)).toBe(`${text}end`);
  });

  it('is packed only where its name ends so', async () => {
    expect(textOf(await opened([file('a.gz.txt', 'plain'), file('b.GZ', gzipSync(' packed'))], mode))).toBe(
      'plain packed',
    );
  });

  it('is standard input where a dash stands, between files too', async () => {
    const stdin = Readable.from([Buffer.from('ab€').subarray(0, 3), Buffer.from('ab€').subarray(3)]);
    const corpus = await opened([file('1.txt', '1'), '-', file('2.txt', '2')], { ...mode, stdin });
    expect(corpus.name).toMatch(/1\.txt, standard input, .*2\.txt$/);
    expect(textOf(corpus)).toBe('1ab€2');
  });

  it('is encoded by a given vocabulary, or refused at the first symbol that this lacks', async () => {
    const text = file('a.txt', 'xyzzy');
    const vocabulary = new Vocabulary([0x78, 0x79, 0x7a, 0x80], 'utf-8');
    const corpus = await opened(text, { ...mode, vocabulary });
    expect(corpus.vocabulary).toBe(vocabulary);
    expect(textOf(corpus)).toBe('xyzzy');
    file('b.txt', 'zyäxü');
    const refused = opened([text, join(folder, 'b.txt')], { ...mode, vocabulary });
    await expect(refused).rejects.toThrow(
      /must be in the model's vocabulary, but "ä" \(U\+00E4\) at position 7 is not/,
    );
  });

  it('may have more than 65,536 different symbols', async () => {
    const text = Array.from({ length: 70_000 }, (_, i) => String.fromCodePoint(0x20000 + i)).join('');
    const corpus = await opened(file('wide.txt', text), mode);
    expect(corpus.vocabulary.size).toBe(70_000);
    expect(textOf(corpus)).toBe(text);
  });

  it('tells how far the reading is, by what is read from the disk', async () => {
    const [a, b] = [file('a.txt', 'a'.repeat(3_000_000)), file('b.gz', gzipSync('b'))];
    const fractions: number[] = [];
    const corpus = await opened([a, b], {
      ...mode,
      onProgress: ({ bytes, totalBytes = 0 }) => fractions.push(bytes / totalBytes),
    });
    corpus.close();
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual([...fractions].sort((x, y) => x - y));
    expect(fractions.at(-1)).toBe(1);
  });
});

describe('a corpus that cannot be opened', () => {
  const invalid = Buffer.concat([Buffer.from('ä'.repeat(700_000)), Buffer.of(0xc3), Buffer.from('b')]);

  it.each<[string, () => string | string[], RegExp]>([
    ['a missing file', () => join(folder, 'none'), /must be a text file, but '.*none' does not exist/],
    ['a folder without texts', () => dirname(file('sub/a.md', 'x')), /must hold files that end in \.txt or \.txt\.gz/],
    ['only empty files', () => [file('a.txt', ''), file('b.txt', '')], /'.*a\.txt, .*b\.txt' is empty/],
    ['a .gz that is none', () => file('a.txt.gz', 'plain text'), /a\.txt\.gz' must be a gzip file as its name says/],
    [
      'a .gz that is cut off',
      () => file('a.txt.gz', gzipSync('text'.repeat(1000)).subarray(0, -20)),
      /a\.txt\.gz' must be a whole gzip file, but its end is missing/,
    ],
    [
      'a broken second file',
      () => [file('a.txt', 'a'), file('b.txt', invalid)],
      /'.*b\.txt' has an invalid byte 0xC3 at offset 1400000;/,
    ],
    [
      'a packed second file without the ending',
      () => [file('a.txt', 'a'), file('b.txt', gzipSync('b'))],
      /'.*b\.txt' has an invalid byte 0x8B at offset 1; it seems to be gzip data/,
    ],
    [
      'a broken .gz',
      () => [file('a.txt', 'a'), file('b.txt.gz', gzipSync(invalid))],
      /'.*b\.txt\.gz' has an invalid byte 0xC3 at offset 1400000;/,
    ],
    ['two standard inputs', () => ['-', '-'], /standard input \(-\) must be given once/],
    [
      'a broken link in a folder',
      () => (symlinkSync('nowhere', join(folder, 'l.txt')), folder),
      /l\.txt' does not exist/,
    ],
  ])('is %s', async (_what, inputs, message) => {
    const opening = opened(inputs());
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(message);
  });

  it('is one that changes while it is read', async () => {
    const path = file('log.txt', 'line\n'.repeat(300_000));
    let more = true;
    const onProgress = () => {
      if (more) appendFileSync(path, 'one more\n');
      more = false;
    };
    await expect(opened(path, { onProgress })).rejects.toThrow(/log\.txt' has changed; start again/);
  });

  it('is one whose reading is ended by the caller', async () => {
    const stop = new AbortController();
    const opening = opened(file('a.txt', 'a'.repeat(3_000_000)), {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(opening).rejects.toThrow('enough');
  });
});

describe('rare characters', () => {
  const TEXT = 'aaaa bbbb ccc dd e\u{1f600}';

  it.each(MODES)('become U+FFFD below --min-count, %s', async (_mode, mode) => {
    const corpus = await opened(file('a.txt', TEXT), { ...mode, minCount: 3 });
    expect(corpus.vocabulary.symbols).toEqual([0x20, 0x61, 0x62, 0x63, 0xfffd]);
    expect(textOf(corpus)).toBe('aaaa bbbb ccc \ufffd\ufffd \ufffd\ufffd');
  });

  it('are none where all come often enough, and then nothing stands for others', async () => {
    const corpus = await opened(file('a.txt', 'aabb'), { minCount: 2 });
    expect(corpus.vocabulary.symbols).toEqual([0x61, 0x62]);
    expect(corpus.vocabulary.indexOf(0x63)).toBeUndefined();
    corpus.close();
  });

  it('share their symbol with U+FFFD of the text itself', async () => {
    const corpus = await opened(file('a.txt', 'aab\ufffd\ufffd\ufffd'), { minCount: 2 });
    expect(corpus.vocabulary.symbols).toEqual([0x61, 0xfffd]);
    expect(textOf(corpus)).toBe('aa\ufffd\ufffd\ufffd\ufffd');
  });

  it('are found by the same vocabulary in another text, and so is what that first text never had', async () => {
    const first = await opened(file('a.txt', TEXT), { minCount: 3 });
    const { vocabulary } = first;
    first.close();
    const other = await opened(file('b.txt', 'ab ä d'), { vocabulary });
    expect(textOf(other)).toBe('ab \ufffd \ufffd');
    expect([...vocabulary.encode('aä')]).toEqual([1, 4]);
  });

  it('are not replaced in bytes', async () => {
    const opening = opened(file('a.txt', TEXT), { encoding: 'bytes', minCount: 2 });
    await expect(opening).rejects.toThrow(/--min-count must come with --encoding utf-8/);
  });
});

describe('readCorpus', () => {
  it('has any text in memory as an array', async () => {
    const { symbols, name, hash } = await readCorpus(file('a.gz', gzipSync('abab')), 'utf-8', undefined, 'a name');
    expect([symbols, name, hash]).toEqual([Uint8Array.of(0, 1, 0, 1), 'a name', sha256('abab')]);
  });
});

it('a text in a temporary file leaves no name behind, while it is open either', async () => {
  const path = file('a.txt', 'some text');
  const corpus = await opened(path, { memoryLimit: 0 });
  expect(corpus.storage).toEqual({ kind: 'temporary', reason: undefined });
  rmSync(path);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`min-char-rnn-${process.pid}-`))).toEqual([]);
  expect(textOf(corpus)).toBe('some text');
});
