/**
 * Writes the figures of the README and the guide from the committed results, `benchmarks/results/`: `npm run figures`.
 * With `--check` it writes nothing and names the pages that differ, with exit code 1.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writtenPage } from './figures/page.js';
import { readResults } from './figures/results.js';

const ROOT = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const results = readResults();
const guide = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
for (const name of ['README.md', ...guide.map((page) => `docs/${page}`)]) {
  const path = join(ROOT, name);
  const page = readFileSync(path, 'utf8');
  const written = await writtenPage(path, page, results);
  if (written === page) continue;
  if (!check) writeFileSync(path, written);
  else process.exitCode = 1;
  console.log(check ? `${name} differs from benchmarks/results; run npm run figures` : `${name} is written`);
}
