import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import type { ModelPage } from '../../src/pages/model-page.js';
import { writeModelPage } from '../../src/run/model-page.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';
import { scratchFolder } from '../scratch-folder.js';

/** What the page of a small model holds for a text. */
async function pageOf(text: string | Uint8Array, vocabulary?: Vocabulary): Promise<ModelPage> {
  const folder = scratchFolder();
  const [input, out] = [join(folder, 'text.txt'), join(folder, 'page.html')];
  writeFileSync(input, text);
  await writeModelPage('model.safetensors', smallCheckpoint(vocabulary), [input], { out });
  const [, data = ''] = /id="page-data">(.*)<\/script>\n<script>/.exec(readFileSync(out, 'utf8')) ?? [];
  return JSON.parse(data) as ModelPage;
}

const floats = (base64: string) => {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};

const LETTERS = new Vocabulary([0x0a, 0x61, 0x62, 0x63, 0x64, 0x65], 'utf-8');

it('a page reads a text of one character from the state of the first stream', async () => {
  const { text, hiddenSize } = await pageOf('a', LETTERS);
  const { hidden } = smallCheckpoint(LETTERS).tensors;
  expect(text.content).toBe('a');
  expect(floats(text.start)).toEqual([...hidden.subarray(0, hiddenSize)]);
});

it('a page says what its model is made of, in characters or bytes', async () => {
  const { facts } = await pageOf('abc', LETTERS);
  expect(facts[0]).toMatch(/ hidden units, 6 characters, [\d,]+ weights, all in this page\.$/);
  expect(facts[1]).toMatch(/^Trained for 47 steps in .* on .*, [\d,]+ characters/);
  const bytes = await pageOf(Uint8Array.of(1, 0xff, 2), new Vocabulary([1, 2, 0xff], 'bytes'));
  expect(bytes.facts[0]).toMatch(/ hidden units, 3 bytes, /);
  expect(bytes.text.content).toBe('\u0001\u00ff\u0002');
});
