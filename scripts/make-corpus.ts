import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeCorpus } from './corpus/corpus.js';

/** Writes the built-in corpus; with --check, exits 1 if the committed file is not what this would write. */
function main(): void {
  const path = fileURLToPath(new URL('../src/corpus/built-in.txt', import.meta.url));
  const text = makeCorpus();
  if (process.argv.includes('--check')) {
    if (readFileSync(path, 'utf8') !== text) {
      console.error('src/corpus/built-in.txt is not what the generator writes: run `npx tsx scripts/make-corpus.ts`');
      process.exitCode = 1;
      return;
    }
  } else {
    writeFileSync(path, text);
  }
  const characters = [...text];
  console.log(
    `${Buffer.byteLength(text)} bytes, ${characters.length} characters, ${new Set(characters).size} distinct`,
  );
}

main();
