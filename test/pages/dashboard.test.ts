import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Dashboard } from '../../src/dashboard/dashboard.js';
import type { OptionValue } from '../../src/dashboard/record.js';
import { assemblePage } from '../../src/pages/assemble.js';
import { progress } from '../cli/display/shown-run.js';
import { linesIn, sharedFolder, SMALL, start } from '../cli/processes.js';
import { expectAccessible, openPage, useBrowser, withoutBrowser } from './browser.js';
import { proxyTo } from './proxy.js';

useBrowser();
const { path, text } = sharedFolder();

/** Where the pictures of the page go, if that is asked for. */
const PICTURES = process.env['DASHBOARD_PICTURES'];

const ENDING = { how: 'done', lines: ['Done at step 400', 'Smoothed loss: 2.000 nats/char'], path: 'a.safetensors' } as const; // prettier-ignore
const OPTIONS: OptionValue[] = [
  { flag: '--hidden-size', value: '8', isDefault: false },
  { flag: '--seed', value: '42', isDefault: true },
];

async function openDashboard(): Promise<Dashboard> {
  const html = await assemblePage('dashboard', { title: 'min-char-rnn', data: null });
  const dashboard = await Dashboard.open(0, html, (line) => {
    throw new Error(line);
  });
  onTestFinished(() => dashboard.end(ENDING));
  return dashboard;
}

/** A run of 400 steps on a text, up to a step: a report, a validation and a sample every ten. */
function play(dashboard: Dashboard, from: number, to: number, corpus = 'folder/text.txt'): void {
  if (from === 0) {
    const description = { corpus, limits: 'step 400', options: OPTIONS };
    dashboard.begin({ description, fractionDone: ({ step }) => step / 400, before: undefined });
  }
  for (let step = from + 10; step <= to; step += 10) {
    const natsPerChar = 2 + 2 / step;
    dashboard.event({ ...progress(step), type: 'report', natsPerChar });
    dashboard.event({ type: 'validation', step, natsPerChar: natsPerChar + 0.1, bitsPerChar: 3, best: true });
    dashboard.event({ type: 'sample', step, text: `sample of ${step}\nThe rain in Spain` });
    dashboard.event(progress(step, { natsPerChar }));
  }
}

const curves = (page: Page) => page.getByRole('slider', { name: 'Loss curves' });
const curvesSay = (page: Page) => curves(page).getAttribute('aria-valuetext');
const state = (page: Page) => page.locator('.state').textContent();
const tile = (page: Page, title: string) => page.locator('.tile', { hasText: title }).locator('dd').textContent();
const until = (page: Page, step: number) => expect.poll(() => curvesSay(page)).toContain(`step ${step},`);

describe.skipIf(withoutBrowser.skip)(`the dashboard${withoutBrowser.title}`, () => {
  it('shows numbers, curves, samples, options and messages as they come', async () => {
    const dashboard = await openDashboard();
    const { page, errors, requests } = await openPage(dashboard.address);
    await expect.poll(() => state(page)).toBe('Reading');
    play(dashboard, 0, 100);
    dashboard.note('a message');
    await until(page, 100);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('text.txt');
    expect(await page.title()).toBe('Training 25 % · text.txt');
    expect(await tile(page, 'Training loss')).toBe('2.020nats/char, smoothed');
    expect(await tile(page, 'Best validation')).toBe('2.120nats/char, step 100');
    expect(await tile(page, 'Speed')).toBe('250.0kchars/s');
    expect(await tile(page, 'Learning rate')).toBe('0.1');
    expect(await tile(page, 'Time left')).toBe('0:030:01 so far');
    expect(await curvesSay(page)).toBe('step 100, training 2.020, validation 2.120 nats/char');
    expect(await page.locator('.sample').textContent()).toBe('sample of 100\nThe rain in Spain');
    expect(await page.locator('.options .given').textContent()).toBe('--hidden-size8');
    expect(await page.getByRole('log').textContent()).toBe('a message');
    play(dashboard, 100, 200);
    await until(page, 200);
    expect(errors).toEqual([]);
    expect(requests).toEqual([`${dashboard.address}events`]);
  });

  it('is used with the keyboard alone, and keeps the view for the next time', async () => {
    const dashboard = await openDashboard();
    play(dashboard, 0, 200);
    const { page } = await openPage(dashboard.address);
    await until(page, 200);
    const visited = [];
    for (let stop = 0; stop < 8; stop++) {
      await page.keyboard.press('Tab');
      visited.push(await page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.name')); // prettier-ignore
    }
    expect(visited.slice(1)).toEqual(['axis', 'scale', 'unit', 'Loss curves', 'Sample', 'Which sample', 'Messages']);
    for (const name of ['Steps', 'Linear', 'Nats']) {
      await page.getByRole('radio', { name }).focus();
      await page.keyboard.press('ArrowRight');
    }
    await expect.poll(() => curvesSay(page)).toBe('2 s of training, training 2.900, validation 3.044 bits/char');
    await curves(page).focus();
    await page.keyboard.press('Home');
    expect(await curvesSay(page)).toBe('0.1 s of training, training 3.174, validation 3.318 bits/char');
    await page.keyboard.press('ArrowRight');
    expect(await curvesSay(page)).toContain('0.2 s of training');
    await page.keyboard.press('Escape');
    expect(await curvesSay(page)).toContain('2 s of training');
    await page.getByRole('slider', { name: 'Which sample' }).focus();
    await page.keyboard.press('Home');
    expect(await page.locator('.sample').textContent()).toContain('sample of 10\n');
    play(dashboard, 200, 300);
    await expect.poll(() => curvesSay(page)).toContain('3 s of training');
    expect(await page.locator('.sample').textContent()).toContain('sample of 10\n');
    await page.reload();
    await expect.poll(() => curvesSay(page)).toContain('3 s of training, training 2.895');
  });

  it('shows names and texts as text, whatever is in them', async () => {
    const dashboard = await openDashboard();
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e&amp;\u001b[31m';
    const shown = hostile.replace('\u202e', '\\u{202e}').replace('\u001b', '\\x1b');
    play(dashboard, 0, 10, hostile.replaceAll('/', ''));
    dashboard.event({ type: 'sample', step: 10, text: hostile });
    dashboard.note(hostile);
    const { page, errors } = await openPage(dashboard.address);
    await until(page, 10);
    expect(await page.locator('.sample').textContent()).toBe(shown);
    expect(await page.getByRole('log').textContent()).toBe(shown);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(shown.replaceAll('/', ''));
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('has all that was before for a page that is opened late, the same for all pages and after a reload', async () => {
    const dashboard = await openDashboard();
    play(dashboard, 0, 200);
    const [early, late] = [await openPage(dashboard.address), await openPage(dashboard.address)];
    for (const { page } of [early, late, early]) {
      await until(page, 200);
      await curves(page).focus();
      await page.keyboard.press('Home');
      expect(await curvesSay(page)).toContain('step 10,');
      await page.reload();
      await until(page, 200);
    }
  });

  it('comes back by itself when the connection was lost, with all that happened in between', async () => {
    const dashboard = await openDashboard();
    const proxy = await proxyTo(dashboard.address);
    play(dashboard, 0, 100);
    const { page } = await openPage(proxy.address);
    await until(page, 100);
    proxy.cut();
    await expect.poll(() => state(page)).toBe('Connection lost');
    expect(await page.getByRole('status').textContent()).toBe('Connection lost');
    play(dashboard, 100, 200);
    proxy.restore();
    await expect.poll(() => state(page), { timeout: 20_000 }).toBe('Training');
    await until(page, 200);
  });

  it('says how the run has ended and where the model is, also when the server is gone', async () => {
    const dashboard = await openDashboard();
    play(dashboard, 0, 390);
    const pages = [await openPage(dashboard.address), await openPage(dashboard.address)];
    for (const { page } of pages) await until(page, 390);
    play(dashboard, 390, 400);
    await dashboard.end(ENDING);
    for (const { page } of pages) {
      await expect.poll(() => state(page)).toBe('Done');
      await until(page, 400);
      expect(await page.locator('.goal').textContent()).toBe('saved to a.safetensors');
      expect(await page.locator('.line').textContent()).toBe('Done at step 400');
      expect(await page.title()).toBe('Done · text.txt');
    }
    // Longer than a page waits before it connects again.
    await pages[0].page.waitForTimeout(3000);
    for (const { page, errors } of pages) {
      expect(await state(page)).toBe('Done');
      expect(errors).toEqual([]);
    }
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ] as const)('moves nothing and hinders nobody at %i pixels, %s', async (width, colorScheme) => {
    const dashboard = await openDashboard();
    const { page } = await openPage(dashboard.address, { viewport: { width, height: 860 }, colorScheme });
    await expect.poll(() => state(page)).toBe('Reading');
    await page.evaluate(WATCH_MOVES);
    for (let step = 0; step < 300; step += 50) {
      play(dashboard, step, step + 50);
      await until(page, step + 50);
    }
    await expectAccessible(page);
    dashboard.event({ type: 'validation', step: 999_990, natsPerChar: 1.5, bitsPerChar: 2, best: true });
    await expect.poll(() => tile(page, 'Best validation')).toBe('1.500nats/char, step 999,990');
    const clipped = `[...document.querySelectorAll('.tile span, button')].filter(
      (box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight,
    ).map((box) => box.textContent)`;
    expect(await page.evaluate(clipped)).toEqual([]);
    await dashboard.end(ENDING);
    await expect.poll(() => state(page)).toBe('Done');
    expect(await page.evaluate('window.moves')).toEqual([]);
    await expectAccessible(page);
    if (PICTURES) await takePicture(page, `${width}-${colorScheme}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

/** Collects what the browser counts as a shift of the layout: which elements moved, from where to where. */
const WATCH_MOVES = `
  window.moves = [];
  const spot = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  const describe = ({ node, previousRect, currentRect }) =>
    (node?.className || node?.parentNode?.className) + ': ' + spot(previousRect) + ' to ' + spot(currentRect);
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) window.moves.push(...sources.map(describe));
  }).observe({ type: 'layout-shift', buffered: true });
`;

async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES ?? '', { recursive: true });
  await page.screenshot({ path: join(PICTURES ?? '', `${name}.png`), fullPage: true });
}

describe.skipIf(withoutBrowser.skip)(`train --dashboard${withoutBrowser.title}`, () => {
  it('shows a real run from its start through reloads to Ctrl-C, and then a resumed one with what was before', async () => {
    const saved = path('run.safetensors');
    const words = ['--backend', 'pure', '--json', '--report-every', '20', '--sample-every', '100', ...SMALL];
    const first = start('train', text, '--dashboard', ...words, '--checkpoint', saved, '--validation-fraction', '0.1');
    await first.printed('dashboard: ');
    const { page, errors } = await openPage(addressIn(first));
    await expect.poll(() => tile(page, 'Best validation')).toContain('step');
    await page.reload();
    await expect.poll(() => state(page)).toBe('Training');
    await expect.poll(() => page.locator('.sample').textContent()).not.toBe('');
    first.child.kill('SIGINT');
    const { code, stdout } = await first.finished;
    expect(code).toBe(130);
    await expect.poll(() => state(page)).toBe('Stopped');
    expect(await page.locator('.goal').textContent()).toBe(`saved to ${saved}`);
    const end = linesIn(stdout).find(({ type }) => type === 'end');
    expect(await page.locator('.line').textContent()).toContain(Number(end?.['step']).toLocaleString('en-US'));
    expect(errors).toEqual([]);

    const second = start('train', text, '--dashboard', '--resume', saved, '--backend', 'pure', '--json');
    await second.printed('"report"');
    const resumed = await openPage(addressIn(second));
    await expect.poll(() => curvesSay(resumed.page)).toContain('validation');
    await curves(resumed.page).focus();
    await resumed.page.keyboard.press('Home');
    expect(await curvesSay(resumed.page)).toContain('step 20,');
    second.child.kill('SIGINT');
    expect((await second.finished).code).toBe(130);
  });

  it('says that a run has failed, and why', async () => {
    // The first sample takes a while, in which the page is opened.
    const words = ['--backend', 'pure', '--json', '--learning-rate', '1e6', '--grad-clip', '0', '--hidden-size', '100'];
    const run = start('train', text, '--dashboard', ...words, '--sample-length', '300000');
    await run.printed('dashboard: ');
    const { page } = await openPage(addressIn(run));
    expect((await run.finished).code).toBe(1);
    await expect.poll(() => state(page)).toBe('Failed');
    expect(await page.locator('.line').textContent()).toContain('diverged');
  });
});

/** The address that a run has printed. */
function addressIn(run: ReturnType<typeof start>): string {
  const [, address] = /dashboard: (http:[^"]*)"/.exec(run.text()) ?? [];
  if (address === undefined) throw new Error('no address is printed');
  return address;
}
