import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { hasChromium, launchChromium } from '../../benchmarks/chromium.js';

/** Whether a test that needs a browser is to be skipped, and what its title says then; in CI it is not. */
export const withoutBrowser =
  !hasChromium && !process.env.CI
    ? { skip: true, title: ' (skipped: no Chromium is installed; apt-get install chromium)' }
    : { skip: false, title: '' };

/** What a test may look at besides the page itself. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of the page's script and of its console, refusals of its Content-Security-Policy among them. */
  readonly errors: string[];
  /** Addresses that the page asked for, itself left out. */
  readonly requests: string[];
}

let browser: Browser | undefined;

/** Starts one headless browser for the tests of a file and closes it after them. To be called in the file. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (!withoutBrowser.skip) browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });
}

/** Opens an address in a profile of its own, until the test has ended. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  if (!browser) throw new Error('useBrowser must have been called');
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const [errors, requests]: string[][] = [[], []];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => {
    if (request.url() !== url && !/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  await page.goto(url);
  return { page, errors, requests };
}

/**
 * Fails with what axe finds wrong for users of screen readers, keyboards and weak eyes. The pages have no frames, and what
 * is right need not be listed: so axe takes a quarter of the time.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n')}`);
  expect(found).toEqual([]);
}
