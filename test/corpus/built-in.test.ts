import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeCorpus } from '../../scripts/corpus/corpus.js';
import { Dice } from '../../scripts/corpus/dice.js';
import { conjugate, plural } from '../../scripts/corpus/inflect.js';
import { polish } from '../../scripts/corpus/typeset.js';
import { COMMON_METRE, Poet, syllables } from '../../scripts/corpus/verse.js';

const text = readFileSync(new URL('../../src/corpus/built-in.txt', import.meta.url), 'utf8');
const lines = text.split('\n');
const flowing = text.replace(/(?<!\n)\n *(?!\n)/g, ' ');

/** Matches of a pattern with what stands around them, to be read in a failure. */
function found(pattern: RegExp, where = text): string[] {
  return [...where.matchAll(pattern)].map((match) => where.slice(Math.max(0, match.index - 20), match.index + 40));
}

describe('the built-in corpus', () => {
  it('is what the generator writes today, byte for byte', () => {
    expect(makeCorpus() === text).toBe(true);
  });

  it('changes with the seed', () => {
    const [one, two] = [1, 2].map((seed) => makeCorpus({ seed, minLength: 2000 }));
    expect(one).not.toBe(two);
  });

  it('has 400 to 500 thousand characters of ASCII without tabs or carriage returns', () => {
    expect(text.length).toBeGreaterThan(400_000);
    expect(text.length).toBeLessThan(500_000);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('has 60 to 75 distinct characters', () => {
    const distinct = new Set(text).size;
    expect(distinct).toBeGreaterThanOrEqual(60);
    expect(distinct).toBeLessThanOrEqual(75);
  });

  it('has more than 2500 distinct words', () => {
    expect(new Set(text.toLowerCase().match(/[a-z']+/g)).size).toBeGreaterThan(2500);
  });

  it('cannot be packed to less than a 3.3rd by gzip, so a model has something to learn besides phrases', () => {
    expect(text.length / gzipSync(text, { level: 9 }).length).toBeLessThan(3.3);
  });

  it('keeps lines to 72 characters without spaces at their end, and single blank lines between paragraphs', () => {
    expect(lines.filter((line) => line.length > 72 || line.endsWith(' '))).toEqual([]);
    expect(found(/\n{3}/g)).toEqual([]);
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
  });

  it('says a or an by the sound of the next word', () => {
    expect(found(/\ba (?!one\b|once\b|us[eu]|uni|eu|ewe)[aeiou]/gi, flowing)).toEqual([]);
    expect(found(/\ban (?![aeiou]|hour|honest|heir|8|11|18)/gi, flowing)).toEqual([]);
  });

  it('never says a word twice in a row', () => {
    expect(found(/\b([a-z]+)\s+\1\b/gi)).toEqual([]);
  });

  it('starts sentences and paragraphs with a capital', () => {
    expect(found(/[.?!] [a-z]/g, flowing)).toEqual([]);
    expect(found(/\n\n["[]?[a-z]/g)).toEqual([]);
  });

  it('closes what it opens: quotation marks in each paragraph, brackets in each stage direction', () => {
    const paragraphs = text.split('\n\n');
    expect(paragraphs.filter((paragraph) => (paragraph.split('"').length - 1) % 2 === 1)).toEqual([]);
    expect(text.replace(/\[[^[\]]+\]/g, '')).not.toMatch(/[[\]]/);
  });

  it('leaves no trace of the templates', () => {
    expect(found(/[{}|#@_<>]|undefined/g)).toEqual([]);
  });

  it('has pieces of every kind', () => {
    const kinds = [
      /^SCENE\. /m,
      /^[A-Z]+: /m,
      /^"/m,
      /^Dear /m,
      /^HARBOUR LOG/m,
      /^ALMANAC/m,
      /^1\. /m,
      /^Total\./m,
      /^LOST/m,
    ];
    expect(kinds.filter((kind) => (text.match(new RegExp(kind, 'gm')) ?? []).length < 6)).toEqual([]);
  });

  it('adds up the sums of its accounts', () => {
    const accounts = text.split('\n\n').filter((piece) => piece.includes('\nTotal.'));
    for (const account of accounts) {
      const amounts = [...account.matchAll(/\.(\d+)d$/gm)].map((match) => Number(match[1]));
      const sum = amounts.reduce((total, amount) => total + amount, 0);
      expect(account).toContain(`.${Math.floor(sum / 12)}s ${sum % 12}d`);
    }
  });
});

describe('the verse', () => {
  it('counts 8, 6, 8 and 6 syllables a stanza', () => {
    const poet = new Poet(new Dice(7));
    for (let count = 0; count < 200; count++) expect(poet.stanza().map(syllables)).toEqual(COMMON_METRE);
  });
});

describe('the grammar of the generator', () => {
  it.each([
    ['mend', 'mended', 'mending'],
    ['drop', 'dropped', 'dropping'],
    ['carry', 'carried', 'carrying'],
    ['tie', 'tied', 'tying'],
    ['take took taken', 'took', 'taking'],
    ['put put : away', 'put away', 'putting away'],
  ])('conjugates %s', (row, past, ing) => {
    expect(conjugate(row)).toMatchObject({ past, ing });
  });

  it('forms plurals', () => {
    expect(['box', 'ferry', 'knife/knives', 'toy', 'gull'].map(plural)).toEqual([
      'boxes',
      'ferries',
      'knives',
      'toys',
      'gulls',
    ]);
  });

  it('polishes articles, capitals and spaces', () => {
    expect(polish('a old  man had a use . it was a hour')).toBe('An old man had a use. It was an hour');
  });
});
