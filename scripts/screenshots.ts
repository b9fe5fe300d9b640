/**
 * Takes the pictures of a model's page in the README and the guide from the real program, with the machine's Chromium:
 * `npx tsx scripts/screenshots.ts model.safetensors text.txt [--class 'in a speaker’s name']`
 * colours the text by the unit that is most selective for the class.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../benchmarks/chromium.js';
import { loadCheckpoint } from '../src/checkpoint/checkpoint.js';
import { writeModelPage } from '../src/run/model-page.js';

const PICTURES = join(import.meta.dirname, '../docs/pictures');
const SIZE = { width: 1280, height: 860 };

const { values, positionals } = parseArgs({
  options: { class: { type: 'string', default: 'in a speaker’s name' } },
  allowPositionals: true,
});
const [checkpoint, ...texts] = positionals;
if (checkpoint === undefined) throw new Error('a checkpoint must be named');

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
const browser = await launchChromium();
try {
  mkdirSync(PICTURES, { recursive: true });
  const out = join(folder, 'page.html');
  await writeModelPage(checkpoint, await loadCheckpoint(checkpoint), texts, { out });
  for (const theme of ['light', 'dark'] as const) await take(browser, pathToFileURL(out).href, theme);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

/** In light what the model reads, in dark what it writes, both coloured by the unit. */
async function take(browser: Browser, url: string, theme: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({ viewport: SIZE, colorScheme: theme });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.read .summary', { hasText: 'read in' }).waitFor({ timeout: 120_000 });
  await page.getByLabel('Most selective for').selectOption(values.class);
  await page.getByRole('listbox', { name: 'Units by how' }).getByRole('option').first().click();
  await page.locator('.read .block > span').nth(180).click();
  if (theme === 'dark') {
    await page.getByLabel('Temperature').fill('0.7');
    await page.getByRole('button', { name: 'Write' }).click();
    await page.locator('.write .summary', { hasText: 'characters in' }).waitFor();
    await page.locator('.write').scrollIntoViewIfNeeded();
  }
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `page-${theme}.png`) });
  await context.close();
}
