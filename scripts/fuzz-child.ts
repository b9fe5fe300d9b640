/**
 * Runs one target of `scripts/fuzz.ts` in a process of its own: `fuzz-child.ts TARGET CASES SEED`. Writes the number of
 * each case to file descriptor 3 before and after it runs, so that the parent knows which one hangs or kills; then one
 * line of JSON.
 */
import fc from 'fast-check';
import { writeSync } from 'node:fs';
import { TARGETS } from '../test/fuzz/targets.js';
import { serialize } from '../test/fuzz/regressions.js';
import { tryInput } from '../test/fuzz/target.js';
import type { ChildResult } from './fuzz.js';

const [name, cases, seed] = process.argv.slice(2);
const target = TARGETS.find((known) => known.name === name);
if (!target) throw new Error(`no target ${name}`);

const counts = { taken: 0, refused: 0 };
let index = 0;
const before = process.memoryUsage.rss();
const started = performance.now();
const result = await fc.check(
  fc.asyncProperty(target.input, async (input) => {
    send(String(index));
    counts[await tryInput(target, input)]++;
    send(`${index++} done`);
  }),
  { numRuns: Number(cases), seed: Number(seed) },
);
const { failed, counterexample, counterexamplePath, errorInstance } = result;
send(
  JSON.stringify({
    ...counts,
    seconds: (performance.now() - started) / 1000,
    // maxRSS is in KiB.
    grownBytes: process.resourceUsage().maxRSS * 1024 - before,
    failure: failed
      ? {
          path: counterexamplePath ?? '',
          input: serialize(counterexample?.[0]),
          error:
            errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance),
        }
      : null,
  } satisfies ChildResult),
);

/** Writes synchronously: the line is out even while the event loop is blocked. */
function send(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(3, bytes, written);
    } catch (error) {
      // The parent reads more slowly for a moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
