import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../scratch-folder.js';
import { parse, refusal } from './stubbed-parser.js';

describe('an option that may come without a value', () => {
  it.each([
    [['--dashboard'], 0, []],
    [['--dashboard', '8080'], 8080, []],
    [['--dashboard=8080'], 8080, []],
    [['--dashboard', '0', '7'], 0, ['7']],
    [['7', '--dashboard'], 0, ['7']],
    [['--dashboard', 'my.txt'], 0, ['my.txt']],
    [['--dashboard', '8080', 'my.txt'], 8080, ['my.txt']],
    [['my.txt', '--dashboard', '8080', 'b.txt'], 8080, ['my.txt', 'b.txt']],
    [['--dashboard', '--quiet'], 0, []],
    [['--dashboard', '--', '8080'], 0, ['8080']],
    [['--dashboard', '-'], 0, ['-']],
  ])('takes a number that comes next, and nothing else: %j', async (words, dashboard, corpus) => {
    const given = await parse('train', ...words);
    expect([given.dashboard, given.corpus ?? []]).toEqual([dashboard, corpus]);
  });

  it('is not given where it does not come', async () => {
    expect(await parse('train', '8080')).not.toHaveProperty('dashboard');
  });

  it.each([
    [['--dashboard=-1'], "--dashboard must be a whole number from 0 to 65535, but got '-1'"],
    [['--dashboard', '65536'], "--dashboard must be at most 65535, but got '65536'"],
    [['--dashboard='], "--dashboard must be a whole number from 0 to 65535, but got ''"],
    [['--dashboard', '--dashboard'], '--dashboard must be given once'],
    [['--no-dashboard'], '--dashboard takes a value and cannot be negated'],
    [['--checkpoint', '--dashboard'], "--checkpoint must have a value, but '--dashboard' came after it"],
  ])('is refused with what to do: %j', async (words, line) => {
    expect(await refusal('train', ...words)).toContain(line);
  });

  it('is true in an option file', async () => {
    const path = join(scratchFolder(), 'options.json');
    writeFileSync(path, '{"dashboard": true}');
    expect(await parse('train', '--config', path)).toMatchObject({ dashboard: 0 });
    writeFileSync(path, '{"dashboard": false}');
    expect(await refusal('train', '--config', path)).toContain('dashboard');
  });
});
