// Opens a text with a cache folder where one is named, and prints the hash of its symbols as they are read from the file.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { openCorpus } from '../../src/corpus/open-corpus.js';

const [text, cache] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const corpus = await openCorpus(text, { encoding: 'utf-8', cache, memoryLimit: 100 });
const { symbols } = corpus;
const cursor = symbols.cursor(1000);
const hash = createHash('sha256');
for (let at = 0; at < symbols.length; at += 1000) {
  const count = Math.min(1000, symbols.length - at);
  const first = cursor.seek(at, count);
  hash.update(cursor.symbols.subarray(first, first + count));
}
process.stdout.write(`${hash.digest('hex')}\n`);
corpus.close();
