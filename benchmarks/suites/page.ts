import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { spread } from '../../src/bench/statistics.js';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { train } from '../../src/library/train.js';
import { PRESETS } from '../../src/options/presets.js';
import { writeModelPage } from '../../src/run/model-page.js';
import { barChart } from '../charts.js';
import { launchChromium } from '../chromium.js';
import type { SuiteReport } from '../report.js';
import { digits, grouped, type Table } from '../table.js';
import type { SuiteContext } from './context.js';

/** Minutes of training: a net that has learnt nothing forgets more slowly from which start it reads. */
const FULL = { minutes: 0.5, readings: [{ characters: 10_000, rounds: 21 }, { characters: 100_000, rounds: 5 }] }; // prettier-ignore
const QUICK = { minutes: 0.02, readings: [{ characters: 1000, rounds: 2 }] };

/** What one reading took. */
interface Round {
  /** From the click on "Read" to the frame that shows the last character coloured. */
  readonly seconds: number;
  /** The longest time for which the page could not answer its user, in milliseconds; 0 where none was above 50. */
  readonly longestTaskMs: number;
}

/** All readings of texts of one length. */
interface Reading {
  readonly characters: number;
  readonly rounds: readonly Round[];
}

/** How long the page of a model takes, in a real Chromium, to read texts that its user gives. */
export async function pageSuite({ quick, corpus, folder, report }: SuiteContext): Promise<SuiteReport> {
  const { minutes, readings } = quick ? QUICK : FULL;
  const text = await readFile(corpus.path, 'utf8');
  report('page: training');
  const address = await trainedPage(text, minutes, folder);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(address);
    await page.locator('.read .summary', { hasText: 'read in' }).waitFor();
    const found: Reading[] = [];
    for (const { characters, rounds } of readings) {
      report(`page: ${rounds} texts of ${grouped(characters)} characters`);
      found.push({ characters, rounds: await readTexts(page, text, characters, rounds) });
    }
    return reportOf(found, { minutes, chromium: browser.version(), vocabularySize: corpus.vocabularySize });
  } finally {
    await browser.close();
  }
}

/** Trains a model of `--preset fast` and makes its page. @returns where the page is. */
async function trainedPage(text: string, minutes: number, folder: string): Promise<string> {
  const path = join(folder, 'page.safetensors');
  const out = join(folder, 'page.html');
  const model = await train(text, { preset: 'fast', minutes }).finish();
  await model.save(path);
  await writeModelPage(path, await loadCheckpoint(path), [], { out, characters: 1000, overwrite: true });
  return pathToFileURL(out).href;
}

/** Has the page read other stretches of the text, one after another; the first reading warms up. */
async function readTexts(page: Page, text: string, characters: number, count: number): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round <= count; round++) {
    const from = Math.floor((text.length * round) / (count + 1));
    // A short text begins again.
    const around = text.slice(from) + text.repeat(Math.ceil(characters / text.length));
    rounds.push(await page.evaluate<Round>(readingScript(around.slice(0, characters))));
  }
  return rounds.slice(1);
}

/** A script that has the page read a text as its user would, and says what that took. */
function readingScript(text: string): string {
  return `new Promise((resolve) => {
    const [other, , read] = document.querySelectorAll('.read .buttons button');
    const summary = document.querySelector('.read .summary');
    let longestTaskMs = 0;
    const tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
    });
    tasks.observe({ type: 'longtask' });
    const shown = new MutationObserver(() => {
      if (!summary.textContent.includes('read in')) return;
      shown.disconnect();
      // What is posted in a frame comes after it.
      requestAnimationFrame(() => setTimeout(() => {
        const seconds = (performance.now() - start) / 1000;
        setTimeout(() => {
          tasks.disconnect();
          resolve({ seconds, longestTaskMs });
        }, 100);
      }));
    });
    shown.observe(summary, { childList: true, characterData: true, subtree: true });
    other.click();
    document.querySelector('.read textarea').value = ${JSON.stringify(text)};
    const start = performance.now();
    read.click();
  })`;
}

function reportOf(
  readings: readonly Reading[],
  circumstances: { readonly minutes: number; readonly chromium: string; readonly vocabularySize: number },
): SuiteReport {
  const { minutes, chromium, vocabularySize } = circumstances;
  const { hiddenSize } = PRESETS.fast;
  const secondsOf = ({ rounds }: Reading) => spread(rounds.map(({ seconds }) => seconds));
  const title = `Reading a text on the page of a model: H=${hiddenSize}, V=${vocabularySize}`;
  return {
    findings: { hiddenSize, ...circumstances, readings },
    tables: [readingTable(title, readings)],
    notes: [
      'From the click on "Read" to the frame that shows the last character coloured, the choice of a start included, in ' +
        `Chromium ${chromium}. A task keeps the page from answering its user. The model is one of \`--preset fast\` after ` +
        `${digits(60 * minutes)} seconds.`,
    ],
    chart: () =>
      barChart({
        title: 'Reading a text on the page of a model',
        unit: 'seconds',
        groups: [
          {
            label: `H=${hiddenSize}, V=${vocabularySize}`,
            rows: readings.map((reading) => ({
              name: `${grouped(reading.characters)} characters`,
              value: secondsOf(reading).median,
              highlight: true,
            })),
          },
        ],
      }),
  };
}

function readingTable(title: string, readings: readonly Reading[]): Table {
  return {
    title,
    head: ['', 'seconds', 'min..max', 'characters/s', 'longest task, ms'],
    rows: readings.map(({ characters, rounds }) => {
      const { median, min, max } = spread(rounds.map(({ seconds }) => seconds));
      const longest = Math.max(...rounds.map(({ longestTaskMs }) => longestTaskMs));
      return [
        `${grouped(characters)} characters`,
        digits(median),
        `${digits(min)}..${digits(max)}`,
        grouped(characters / median),
        longest === 0 ? 'below 50' : digits(longest),
      ];
    }),
  };
}
