import { expect, it } from 'vitest';
import { featuresOf } from '../../src/pages/browser/model/features.js';

/** The characters of a text on which a feature has a level above 0, or that level where it has several. */
function levelsOf(name: string, text: string): string {
  const feature = featuresOf([...text]).find((known) => known.name === name);
  return Array.from(feature?.values ?? [], (level) => level.toString(16)).join('');
}

it.each([
  ['inside quotes', 'a "bc" d “e” f', '00111000011000'],
  ['inside quotes', 'a "b\n\nc', '0011100'],
  ['inside brackets', 'a (b [c] d) e', '0011111111000'],
  ['in a speaker’s name', 'AB C:\nD: e\n\nEf:\n', '1111000000001100'],
  ['at line breaks', 'a\n\nb', '0110'],
  ['at line starts', 'ab\n\nc', '10001'],
  ['at word starts', 'ab, c1d', '1000101'],
  ['on spaces', ' a\n ', '1001'],
  ['on capitals', 'aBÄ1', '0110'],
  ['on vowels', 'aBE,', '1010'],
  ['on digits', 'a1٣', '011'],
  ['on punctuation', 'a,.“', '0111'],
  ['late in a line', 'abcdefghi\nj', '00001111220'],
  ['late in a word', 'abc d1e', '1230101'],
])('knows what is %s in %j', (name, text, levels) => {
  expect(levelsOf(name, text)).toBe(levels);
});

it('has no level that it does not have room for', () => {
  for (const { levels, values } of featuresOf([...'x'.repeat(300)])) {
    expect(Math.max(...values)).toBeLessThan(levels);
  }
});
