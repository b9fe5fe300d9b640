import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type Checkpoint, saveCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { initialState } from '../../src/model/parameters.js';
import type { Encoding } from '../../src/options/choices.js';
import { writeModelPage } from '../../src/run/model-page.js';
import { Random } from '../../src/sampling/random.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';
import { scratchFolder } from '../scratch-folder.js';
import { openPage } from './browser.js';

/** What a page is made of in a test. */
export interface PageSpec {
  readonly text: string | Uint8Array;
  readonly hiddenSize?: number;
  readonly encoding?: Encoding;
  /** Characters that the model knows besides those of the text. */
  readonly others?: Iterable<number>;
}

/** A page, and what it was made of. */
export interface MadePage {
  readonly url: string;
  readonly checkpoint: Checkpoint;
  /** Files in a folder of the test. */
  readonly files: { readonly text: string; readonly page: string; readonly checkpoint: string };
}

/** Writes a text, a model of random weights that knows its characters, and their page. */
export async function makePage(spec: PageSpec): Promise<MadePage> {
  const folder = scratchFolder();
  const files = {
    text: join(folder, 'text.txt'),
    page: join(folder, 'page.html'),
    checkpoint: join(folder, 'model.safetensors'),
  };
  writeFileSync(files.text, spec.text);
  const checkpoint = checkpointFor(spec);
  await saveCheckpoint(files.checkpoint, checkpoint);
  await writeModelPage(files.checkpoint, checkpoint, [files.text], { out: files.page, characters: 1_000_000 });
  return { url: pathToFileURL(files.page).href, checkpoint, files };
}

/** Weights that make a model say something: it goes back and forth, and prefers some symbols. */
function checkpointFor({ text, hiddenSize = 24, encoding = 'utf-8', others = [] }: PageSpec): Checkpoint {
  const symbols =
    typeof text === 'string' ? Array.from(text, (character) => character.codePointAt(0) ?? 0) : Array.from(text);
  const known = [...new Set([...symbols, ...others])].sort((a, b) => a - b);
  const vocabulary = new Vocabulary(known, encoding);
  const base = smallCheckpoint(vocabulary);
  const random = new Random(5);
  const state = initialState({ hiddenSize, vocabularySize: vocabulary.size }, 2, 'scaled', random);
  state.parameters.Wxh = random.normals(state.parameters.Wxh.length, 1);
  state.parameters.Why = random.normals(state.parameters.Why.length, 2 / Math.sqrt(hiddenSize));
  state.hidden = random.normals(state.hidden.length, 0.5);
  return { ...base, options: { ...base.options, hiddenSize }, tensors: state };
}

/** Opens a page and waits until it has read its text. */
export async function openModelPage(url: string, options?: BrowserContextOptions) {
  const opened = await openPage(url, options);
  await untilRead(opened.page);
  return opened;
}

/** Waits until the text has been read. */
export async function untilRead(page: Page): Promise<void> {
  await page.locator('.read .summary', { hasText: 'read in' }).waitFor();
}

/** The mean loss that the page shows, in nats, with all its digits. */
export async function lossOn(page: Page): Promise<number> {
  return Number(await page.locator('.read .summary data').first().getAttribute('value'));
}

/** A play, as most of what the page knows of texts is in it. */
export const PLAY = Array.from(
  { length: 30 },
  (_, i) => `${['FIRST CITIZEN', 'ANNA'][i % 2]}:\nSpeak "the ${i} words", (then) be still.\nAre you all resolved?\n\n`,
).join('');

/** What a text view of a card shows, whatever of it is in sight. */
export async function textIn(page: Page, card: string): Promise<string> {
  return (await page.locator(`${card} .text`).textContent()) ?? '';
}
