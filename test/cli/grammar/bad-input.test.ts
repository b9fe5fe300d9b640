import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../processes.js';

const folder = mkdtempSync(join(tmpdir(), 'min-char-rnn-bad-input-'));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(path('folder'));
const text = 'abc'.repeat(20);
writeFileSync(path('text.txt'), text);
writeFileSync(path('empty.txt'), '');
writeFileSync(path('26.txt'), text.slice(0, 26));
writeFileSync(path('latin1.txt'), Buffer.from(`${text}\u00fc`, 'latin1'));
writeFileSync(path('broken.txt'), Buffer.concat([Buffer.from(text), Buffer.from('€').subarray(0, 2)]));
writeFileSync(path('plain.gz'), text);
writeFileSync(path('cut.txt.gz'), gzipSync(text).subarray(0, -9));
writeFileSync(path('same.txt'), 'a'.repeat(60));
writeFileSync(path('run.json'), '{ "steps": "many" }');

/** Command lines after `min-char-rnn`, FOLDER standing for the folder above, and the lines that answer them. */
const ROWS: [argv: string, line: string][] = [
  ['train FOLDER/absent.txt', "the corpus must be a text file, but 'FOLDER/absent.txt' does not exist; check the path"],
  [
    'train https://example.com/text.txt',
    "the corpus must be a text file, but 'https://example.com/text.txt' does not exist; download it first, because files are not fetched",
  ],
  [
    'sample https://example.com/my.safetensors',
    "the checkpoint 'https://example.com/my.safetensors' must be a readable file, but it does not exist; download it first, because files are not fetched",
  ],
  [
    'train FOLDER/folder',
    "a folder as a corpus must hold files that end in .txt or .txt.gz, but 'FOLDER/folder' has none; name files in it",
  ],
  [
    'train FOLDER/text.txt FOLDER/plain.gz',
    "'FOLDER/plain.gz' must be a gzip file as its name says, but is not or is damaged (incorrect header check); " +
      'rename it if it is plain text, or make it again',
  ],
  [
    'train FOLDER/cut.txt.gz',
    "'FOLDER/cut.txt.gz' must be a whole gzip file, but its end is missing; fetch or make it again",
  ],
  ['train - FOLDER/text.txt -', 'standard input (-) must be given once, but came more than once; keep one of them'],
  ['train -', "the corpus must hold text, but 'standard input' is empty; give a file with text in it"],
  [
    'train FOLDER/text.txt --min-count 0',
    "--min-count must be a whole number of 1 or more, but got '0'; write for example --min-count 1",
  ],
  [
    'train FOLDER/text.txt --min-count 21',
    "the text must have 2 different symbols or more to learn from, but --min-count 21 leaves only one in 'FOLDER/text.txt'; " +
      'use a smaller one',
  ],
  [
    'train FOLDER/text.txt --encoding bytes --min-count 2',
    '--min-count must come with --encoding utf-8, but came with bytes, of which none can stand for others; leave it out',
  ],
  ['cache clean', "cache must be followed by info or clear, but got 'clean'; did you mean cache clear?"],
  ['train FOLDER/empty.txt', "the corpus must hold text, but 'FOLDER/empty.txt' is empty; give a file with text in it"],
  [
    'train FOLDER/26.txt',
    "the text must have more than 26 symbols (--seq-length + 1), but 'FOLDER/26.txt' has 26; " +
      'use a longer text or a smaller --seq-length',
  ],
  [
    'train FOLDER/text.txt --batch-size 3',
    'the text must have more than 26 symbols (--seq-length + 1) in each of 3 streams, ' +
      "but 'FOLDER/text.txt' has 60; use a longer text or a smaller --seq-length or --batch-size",
  ],
  [
    'train FOLDER/same.txt',
    "the text must have 2 different symbols or more to learn from, but 'FOLDER/same.txt' has only one; use another text",
  ],
  [
    'train FOLDER/latin1.txt',
    "the corpus must be UTF-8 text, but 'FOLDER/latin1.txt' has an invalid byte 0xFC at offset 60; " +
      'convert it (such as iconv -f LATIN1 -t UTF-8) or use --encoding bytes',
  ],
  [
    'train FOLDER/broken.txt',
    "the corpus must be UTF-8 text, but 'FOLDER/broken.txt' has an invalid byte 0xE2 at offset 60; " +
      'convert it (such as iconv -f LATIN1 -t UTF-8) or use --encoding bytes',
  ],
  [
    'train FOLDER/text.txt --checkpoint FOLDER/run.safetensors --checkpoint-every 5x',
    '--checkpoint-every must be a whole number of steps such as 500, or of time such as 90s, 10m or 2h, ' +
      "but got '5x'; give one of these",
  ],
  [
    'sample FOLDER/absent.safetensors',
    "the checkpoint 'FOLDER/absent.safetensors' must be a readable file, but it does not exist; check the path",
  ],
  [
    'eval FOLDER/absent.safetensors FOLDER/text.txt',
    "the checkpoint 'FOLDER/absent.safetensors' must be a readable file, but it does not exist; check the path",
  ],
  [
    'info FOLDER/absent.safetensors',
    "the checkpoint 'FOLDER/absent.safetensors' must be a readable file, but it does not exist; check the path",
  ],
  ['train --steps -4', "--steps must be a whole number of 0 or more, but got '-4'; write for example --steps 1000"],
  [
    'train --config FOLDER/run.json',
    "in 'FOLDER/run.json': --steps must be a whole number of 0 or more, but got 'many'; write for example --steps 1000",
  ],
  ['train --hiden-size 5', 'train has no option --hiden-size; did you mean --hidden-size?'],
];

describe('what a user gets wrong', () => {
  it.each(ROWS)('%s: one line on stderr, exit code 1 and nothing else', async (argv, line) => {
    const here = (written: string) => written.replaceAll('FOLDER', folder);
    const { code, stdout, stderr } = await run(here(argv).split(' '));
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `min-char-rnn: ${here(line)}\n` });
  });

  it('names a file with line ends and escape codes in its name on one harmless line', async () => {
    const { code, stderr } = await run(['train', 'a\n\u001b[31mb']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "min-char-rnn: the corpus must be a text file, but 'a \\x1b[31mb' does not exist; check the path\n",
    );
  });
});
