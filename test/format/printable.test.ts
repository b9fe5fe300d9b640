import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableLine, shortened } from '../../src/format/printable.js';

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
