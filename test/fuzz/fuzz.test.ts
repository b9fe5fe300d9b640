import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readRegressions } from './regressions.js';
import { removeScratch } from './scratch.js';
import { tryInput } from './target.js';
import { TARGETS } from './targets.js';

afterAll(removeScratch);

/** Cases of each target in every test run; `npm run fuzz` makes a hundred thousand, with other seeds. */
const CASES = 600;

describe.each(TARGETS.map((target) => [target.name, target] as const))('the reader of %s', (name, target) => {
  it('takes an input whole or refuses it with one line, and nothing else', async () => {
    const counts = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(target.input, async (input) => {
        counts[await tryInput(target, input)]++;
      }),
      { numRuns: CASES, seed: 1 },
    );
    // Inputs of one kind only would try half of the reader.
    expect(counts.taken).toBeGreaterThan(CASES / 20);
    expect(counts.refused).toBeGreaterThan(CASES / 20);
  });

  it.each(readRegressions(name))('keeps its promise for what broke it once: %s', async (_file, { input }) => {
    expect(await tryInput(target, input)).toMatch(/^(taken|refused)$/);
  });
});
