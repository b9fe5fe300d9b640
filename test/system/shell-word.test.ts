import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../src/system/shell-word.js';

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
