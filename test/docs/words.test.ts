import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './pages.js';

/** Words of another time or of another language's order; each has a plain one of today. */
const AVOIDED = new RegExp(
  [
    String.raw`\b(brings|bringing|brought|mend(s|ed|ing)?|anew|somebody|likewise|shall|hence|thereby|lest|as of before)\b`,
    String.raw`\b(is|are|was|were|be|been|when|unless) told\b`,
    String.raw`\btold (so|to|apart)\b`,
  ].join('|'),
  'i',
);

/** The generator of the built-in text, which speaks as a tale does, its test, and what was generated or measured. */
const LEFT_OUT = /^(scripts\/corpus\/|test\/corpus\/built-in\.test|test\/docs\/words\.test|benchmarks\/results\/)/;

const list = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.py', '*.css', '*.js', '.ci/run'], { cwd: ROOT });
const paths = list
  .toString()
  .split('\n')
  .filter((path) => path !== '' && !LEFT_OUT.test(path));

it('pages, messages, comments and names of tests are in plain English of today', () => {
  expect(paths.length).toBeGreaterThan(500);
  expect(paths.flatMap(avoidedIn)).toEqual([]);
});

/** Lines with such words. Texts that a model wrote are as they are. */
function avoidedIn(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8').replace(/^```text$.*?^```$/gms, (block) =>
    block.replace(/.+/g, ''),
  );
  const lines = text.split('\n').map((line, i) => `${path}:${i + 1}: ${line.trim()}`);
  return lines.filter((line) => AVOIDED.test(line.slice(path.length)));
}
