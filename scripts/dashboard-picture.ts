/**
 * Takes the guide's picture of the dashboard from a real run, with the machine's Chromium:
 * `npx tsx scripts/dashboard-picture.ts text.txt`
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { launchChromium } from '../benchmarks/chromium.js';
import { fromSources } from './stress/from-sources.js';

const ROOT = join(import.meta.dirname, '..');
const PICTURE = join(ROOT, 'docs/pictures/dashboard.png');
const SIZE = { width: 1280, height: 830 };
const MINUTES = 2;

/** The part of the run after which the picture is taken. */
const DONE = 0.7;

const [text] = process.argv.slice(2);
if (text === undefined) throw new Error('a text must be named');

const learning = [
  '--preset',
  'fast',
  '--minutes',
  String(MINUTES),
  '--validation-fraction',
  '0.1',
  '--eval-every',
  '1000',
];
const run = spawn(process.execPath, fromSources(['train', text, ...learning, '--dashboard']));
const address = await new Promise<string>((resolve, reject) => {
  let output = '';
  run.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const [, found] = /dashboard: (\S+)/.exec(output) ?? [];
    if (found !== undefined) resolve(found);
  });
  run.on('close', () => reject(new Error(`the run has ended: ${output}`)));
});
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
  await page.goto(address);
  const bar = page.getByRole('progressbar');
  while (Number(await bar.getAttribute('aria-valuenow')) < 100 * DONE) await page.waitForTimeout(500);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
} finally {
  await browser.close();
  run.kill('SIGINT');
}
