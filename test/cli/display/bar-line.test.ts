import { describe, expect, it } from 'vitest';
import { barLine, type Field } from '../../../src/cli/display/bar-line.js';
import type { Colours } from '../../../src/cli/display/colours.js';

const plain = (text: string) => text;
const COLOURS: Colours = { dim: plain, accent: plain, good: plain };

const draw = (fields: readonly Field[], columns: number, fraction = 0.5) => barLine(fraction, fields, columns, COLOURS);

describe('a line with a bar', () => {
  const step: Field = { rank: 0, value: 'abcde' };

  it('has a bar of six columns or more, or none; one column of the terminal stays free', () => {
    expect(draw([step], 14)).toBe('━━━───  abcde');
    expect(draw([step], 13)).toBe('abcde');
  });

  it('has a bar of thirty columns at most', () => {
    expect(draw([step], 200)).toBe(`${'━'.repeat(15)}${'─'.repeat(15)}  abcde`);
  });

  it('keeps every field that fits, and leaves out the last in rank first', () => {
    const fields: Field[] = [
      { rank: 1, before: 'a', value: '1' },
      { rank: 0, value: '2', after: 'b' },
      { rank: 2, value: '3' },
    ];
    expect(draw(fields, 12)).toBe('a 1  2 b  3');
    expect(draw(fields, 11)).toBe('a 1  2 b');
    expect(draw(fields, 8)).toBe('2 b');
    expect(draw(fields, 3)).toBe('2');
  });

  it('gives up what is worth less than the bar before the bar, and nothing else', () => {
    const fields: Field[] = [step, { rank: 4, value: 'four' }, { rank: 5, value: 'five' }];
    expect(draw(fields, 26)).toBe('━━━───  abcde  four  five');
    expect(draw(fields, 25)).toBe('━━━━━╸─────  abcde  four');
    expect(draw(fields, 20)).toBe('━━━───  abcde  four');
    expect(draw(fields, 19)).toBe('abcde  four');
  });

  it.each([
    [-1, '──────'],
    [0, '──────'],
    [0.1, '╸─────'],
    [0.99, '━━━━━╸'],
    [1, '━━━━━━'],
    [2, '━━━━━━'],
  ])('is done to half a column: %d of it', (fraction, bar) => {
    expect(draw([step], 14, fraction)).toBe(`${bar}  abcde`);
  });
});
