import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatSignificant,
  printable,
  printableJson,
  printableLine,
  shellWord,
  shortened,
} from '../../../src/cli/display/format.js';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1234567, '1,234,567'],
    [2.5, '3'],
  ])('shows %d as %s', (value, shown) => {
    expect(formatCount(value)).toBe(shown);
  });

  it('has as many decimals as it is asked for, at most', () => {
    expect([formatCount(1.25, 1), formatCount(1, 1), formatCount(1234.5678, 3)]).toEqual(['1.3', '1', '1,234.568']);
  });
});

describe('formatRate', () => {
  it.each([
    [0, '0'],
    [949.6, '950'],
    [9999.4, '9,999'],
    [9999.6, '10.0k'],
    [48_230, '48.2k'],
    [999_949, '999.9k'],
    [999_951, '1.00M'],
    [1_254_000, '1.25M'],
  ])('shows %d as %s', (value, shown) => {
    expect(formatRate(value)).toBe(shown);
  });

  it('never needs more than 6 characters below a thousand million', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 999e6, noNaN: true }), (rate) => formatRate(rate).length <= 7));
    fc.assert(fc.property(fc.double({ min: 0, max: 99e6, noNaN: true }), (rate) => formatRate(rate).length <= 6));
  });
});

describe('formatSignificant', () => {
  it.each([
    [0.1, '0.1'],
    [0.028512, '0.0285'],
    [0.99996, '1'],
    [1.5e-7, '1.5e-7'],
    [1234, '1230'],
  ])('shows %d as %s', (value, shown) => {
    expect(formatSignificant(value)).toBe(shown);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 ** 2 - 1, '1024.0 KiB'],
    [1.25 * 1024 ** 2, '1.3 MiB'],
    [3000 * 1024 ** 3, '3000.0 GiB'],
  ])('shows %d bytes as %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe('formatDuration', () => {
  it.each([
    [-1, '0:00'],
    [7.4, '0:07'],
    [59.6, '1:00'],
    [750, '12:30'],
    [3599.6, '1:00:00'],
    [11_100, '3:05:00'],
    [86_399.9, '1d 00:00:00'],
    [2 * 86_400 + 11_100, '2d 03:05:00'],
  ])('shows %d seconds as %s', (seconds, shown) => {
    expect(formatDuration(seconds)).toBe(shown);
  });
});

describe('shellWord', () => {
  it('leaves plain words as they are', () => {
    for (const word of ['run.safetensors', '/tmp/a-b_c', 'a=b:c@d,e+f%']) expect(shellWord(word)).toBe(word);
  });

  it('quotes all others so that a shell reads them back', () => {
    const words = ['', "it's", 'a b', '$HOME', '`x`', 'ä', '*', 'a\nb', '~', '#'];
    const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
    expect(execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(words);
  });
});

describe('printable', () => {
  it('shows control characters by their codes and all else as it is', () => {
    expect(printable('a\tb\nc\r\u0000\u001b[31m\u007f\u0085\u009bä漢🙂')).toBe(
      'a\tb\nc\\x0d\\x00\\x1b[31m\\x7f\\x85\\x9bä漢🙂',
    );
  });

  it('shows a carriage return and a newline as the end of a line, and one alone by its code', () => {
    expect(printable('a\r\n\r\nb\r\r\nc\rd\r')).toBe('a\n\nb\\x0d\nc\\x0dd\\x0d');
  });

  it('shows by their codes the characters that turn text around', () => {
    const turning = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069];
    for (const code of turning) {
      expect(printable(`a${String.fromCodePoint(code)}b`)).toBe(`a\\u{${code.toString(16)}}b`);
      expect(printableJson(String.fromCodePoint(code))).toBe(`"\\u${code.toString(16).padStart(4, '0')}"`);
    }
    expect(printable('עברית, \u200d\u2065\u202f')).toBe('עברית, \u200d\u2065\u202f');
  });
});

describe('printableLine', () => {
  it('shows what breaks a line, is invisible or turns text around by its code, and all else as it is', () => {
    expect(printableLine('a\tb\nc\u001b\u009b ä漢🙂')).toBe('a\\x09b\\x0ac\\x1b\\x9b ä漢🙂');
    expect(printableLine('\u00ad\u061c\u200b\u202e\u2028\u2029\u{e0001}')).toBe(
      '\\xad\\u{61c}\\u{200b}\\u{202e}\\u{2028}\\u{2029}\\u{e0001}',
    );
  });
});

describe('printableJson', () => {
  it('is JSON of the same value without what a terminal obeys', () => {
    const value = { text: '\u0000\u001b\u007f\u009b\u2028\u202e\u2066 ä🙂' };
    const json = printableJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(json).toContain('\\u007f\\u009b\\u2028\\u202e\\u2066 ä🙂');
    expect(printableJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });
});

describe('shortened', () => {
  it('leaves 1,000 characters as they are, and of more shows the start and the end', () => {
    expect(shortened('a'.repeat(1000))).toBe('a'.repeat(1000));
    expect(shortened(`${'a'.repeat(800)}b${'c'.repeat(200)}`)).toBe(`${'a'.repeat(800)} ... ${'c'.repeat(200)}`);
  });
});
