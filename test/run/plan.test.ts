import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planRun } from '../../src/run/plan.js';
import { scratchFolder } from '../scratch-folder.js';

it('refuses samples whose random numbers would not fit into memory, unless none are drawn', async () => {
  const path = join(scratchFolder(), 'wide.txt');
  writeFileSync(path, String.fromCodePoint(...Array.from({ length: 1000 }, (_, i) => 0x4e00 + i)));
  const request = { corpus: [path], hiddenSize: 2, cache: false };
  await expect(planRun({ ...request, sampleLength: 1_000_000 })).rejects.toThrow(
    "--sample-length must be at most 268435 with the text's 1000 different symbols, but got 1000000; use a smaller one",
  );
  expect((await planRun({ ...request, sampleLength: 1_000_000, sampleEvery: 0 })).options.sampleEvery).toBe(0);
  expect((await planRun({ ...request, sampleLength: 268_435 })).options.sampleLength).toBe(268_435);
});
