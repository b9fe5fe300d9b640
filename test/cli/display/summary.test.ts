import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPure } from '../../../src/backends/pure.js';
import { describeStart } from '../../../src/cli/display/summary.js';
import { planRun } from '../../../src/run/plan.js';
import type { Encoding } from '../../../src/options/choices.js';
import { scratchFolder } from '../../scratch-folder.js';

/** The lines that a run on a text starts with. */
async function startOn(text: string, encoding: Encoding = 'utf-8'): Promise<string[]> {
  const path = join(scratchFolder(), 'a.txt');
  writeFileSync(path, text);
  const runtime = await loadPure();
  return describeStart(await planRun({ corpus: [path], encoding }), { runtime, reason: 'for a test' });
}

describe('the start of a run', () => {
  const plain = 'a text to train on\n'.repeat(9);

  it('has no doubts about a text, and about any bytes in bytes mode', async () => {
    expect(await startOn(plain)).toHaveLength(2);
    expect(await startOn(`${plain}\0`, 'bytes')).toHaveLength(2);
  });

  it('says in one line that a text with NUL characters may be none', async () => {
    const [, , warning, ...more] = await startOn(`${plain}\0`);
    expect(warning).toMatch(
      /^warning: .*a\.txt has NUL characters, so it may be binary \(--encoding bytes .*\) or UTF-16 \(.*iconv -f UTF-16LE/,
    );
    expect(warning).not.toContain('\n');
    expect(more).toEqual([]);
  });
});
