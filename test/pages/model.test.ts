import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { forwardModule } from '../../src/backends/wasm/simd/functions.js';
import { referenceFrom } from '../../src/model/reference/forward-rnn.js';
import { readText } from '../../src/model/reference/text-reader.js';
import { activationClass } from '../../src/pages/browser/model/colouring.js';
import { makeBundle } from '../../src/pages/bundle.js';
import { evaluateTexts } from '../../src/run/evaluation.js';
import { openSampler } from '../../src/run/sampling.js';
import { expectAccessible, useBrowser, withoutBrowser } from './browser.js';
import { lossOn, makePage, openModelPage, PLAY, textIn, untilRead } from './model-page.js';

useBrowser();

it('has less than 60 kB of code, packed', async () => {
  const { script, style } = await makeBundle('model');
  const module = Buffer.from(forwardModule()).toString('base64');
  expect(gzipSync(script + style + module).length).toBeLessThan(60_000);
});

describe.skipIf(withoutBrowser.skip)(`the page of a model${withoutBrowser.title}`, () => {
  it('computes the losses of eval', async () => {
    const { url, checkpoint, files } = await makePage({ text: PLAY });
    const { page, errors, requests } = await openModelPage(url);
    const { natsPerChar } = await evaluateTexts(checkpoint, [files.text], { backend: 'pure' });
    expect(Math.abs((await lossOn(page)) - natsPerChar)).toBeLessThan(1e-5);
    expect([errors, requests]).toEqual([[], []]);
  });

  it('reads a text that is typed as eval does, and names what it leaves out', async () => {
    const { url, checkpoint, files } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    const typed = 'ANNA:\nAre still, then. (words)\n'.repeat(20);
    await page.getByRole('button', { name: 'Other text' }).click();
    await page.getByRole('textbox', { name: 'Text to read' }).fill(`${typed}ω€ω`);
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await untilRead(page);
    const summary = await page.locator('.read .summary').textContent();
    expect(summary).toContain('left out, as the model does not know them: "ω" (U+03C9), "€" (U+20AC)');
    writeFileSync(files.text, typed);
    const { natsPerChar } = await evaluateTexts(checkpoint, [files.text], { backend: 'pure' });
    expect(Math.abs((await lossOn(page)) - natsPerChar)).toBeLessThan(1e-5);
  });

  it('offers the text that it reads to be changed, and keeps what was changed when that is put off', async () => {
    const { url } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    const field = page.getByRole('textbox', { name: 'Text to read' });
    const open = () => page.getByRole('button', { name: 'Other text' }).click();
    await open();
    expect(await field.inputValue()).toBe(PLAY);
    expect(await page.evaluate('document.activeElement.scrollTop')).toBe(0);
    await field.fill('ANNA:€\n');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await field.isVisible()).toBe(false);
    await open();
    expect(await field.inputValue()).toBe('ANNA:€\n');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await untilRead(page);
    await open();
    expect(await field.inputValue()).toBe('ANNA:\n');
  });

  it('shows the start of a long text at once and adds the rest bit by bit', async () => {
    const text = PLAY.repeat(20);
    const { url } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    await page.getByRole('button', { name: 'Other text' }).click();
    const firstLength = page.evaluate<number>(`new Promise((resolve) => {
      const shown = document.querySelector('.read .text');
      new MutationObserver(() => shown.childElementCount > 0 && resolve(shown.textContent.replaceAll('↵', '').length))
        .observe(shown, { childList: true });
      document.querySelector('.read textarea').value = ${JSON.stringify(text)};
      document.querySelector('.read .primary').click();
    })`);
    expect(await firstLength).toBe(10_000);
    await untilRead(page);
    expect((await textIn(page, '.read')).replaceAll('↵', '')).toBe(text);
  });

  it('reads where the browser may not compile too, to the same losses, and says so', async () => {
    const { url, files } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    const compiled = await lossOn(page);
    const html = readFileSync(files.page, 'utf8');
    writeFileSync(files.page, html.replace(" 'wasm-unsafe-eval'", ''));
    const warned = page.waitForEvent('console', (message) => message.type() === 'warning');
    await page.reload();
    expect((await warned).text()).toMatch(
      /^Texts are read without WebAssembly, which takes longer: CompileError: WebAssembly/,
    );
    await untilRead(page);
    const plain = await lossOn(page);
    expect(Math.abs(plain - compiled)).toBeLessThan(1e-6);
    expect(plain).not.toBe(compiled);
  });

  it('colours every character by the unit that is chosen, in the grid or in the list', async () => {
    const { url, checkpoint } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    const classes = () =>
      page.evaluate<string[]>(
        '[...document.querySelector(".read .block").children].map(({ className }) => className.split(" ")[0])',
      );
    const { options, vocabulary, tensors } = checkpoint;
    const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
    const start = JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(await page.content())?.[1] ?? '') as {
      text: { start: string };
    };
    const bytes = Buffer.from(start.text.start, 'base64');
    const first = Float32Array.from({ length: 24 }, (_, i) => bytes.readFloatLE(4 * i));
    const [part] = readText(size, referenceFrom(size, tensors.parameters), first, vocabulary.encode(PLAY));
    const expected = (unit: number) =>
      Array.from({ length: 100 }, (_, t) => activationClass(Math.round(127 * part.hiddens[t * 24 + unit]) / 127));
    const isColoured = (name: string) => /^(low|high)\d+$/.test(name);
    for (const [list, label, unit] of [
      ['All units', 'unit 7', 7],
      ['Units by how selectively they fire', /^5 /, 5],
    ] as const) {
      await page.getByRole('listbox', { name: list }).getByRole('option', { name: label }).first().click();
      const shown = (await classes()).slice(0, 100).map((name) => (isColoured(name) ? name : ''));
      expect(shown).toEqual(expected(unit));
      await expect.poll(() => page.getByRole('radio', { name: `Unit ${unit}` }).isChecked()).toBe(true);
    }
  });

  it('shows by keys and mouse what was likely after a character and what came', async () => {
    const { url, checkpoint } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    const isFocused = () => page.evaluate('document.activeElement.matches(".read .text-view")');
    do await page.keyboard.press('Tab');
    while (!(await isFocused()));
    for (const key of ['End', 'Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    const voice = page.locator('.inspector [aria-live]');
    await expect.poll(() => voice.textContent()).toMatch(/^R; next . [\d.]+ %, .+; came S$/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => voice.textContent()).toMatch(/^e; next .*; came a$/);
    await page.locator('.read .block > span').nth(4).hover();
    expect(await page.locator('.arrived .glyph').textContent()).toBe('␣');
    expect(checkpoint.vocabulary.size).toBeGreaterThan(5);
    const shares = await page.locator('.next-list').first().locator('.share').allTextContents();
    const numbers = shares.map((share) => parseFloat(share.replace('<', '')));
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  });

  it.each([
    [{ seed: 7 }, {}],
    [
      { seed: 7, prime: 'ANNA:\n', temperature: 0.5, topK: 3, topP: 0.9 },
      { 'Begin after': 'ANNA:', Temperature: '0.5', 'Top-k': '3', 'Top-p': '0.9' },
    ],
  ])('writes as sample does with %j', async (options, fields) => {
    const { url, checkpoint } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    // A field of one line has no line break.
    const given = 'prime' in options ? { ...options, prime: 'ANNA:' } : options;
    for (const [label, value] of Object.entries({ ...fields, Seed: '7', Length: '300' })) {
      await page.getByLabel(label, { exact: true }).fill(value);
    }
    await page.getByRole('button', { name: 'Write' }).click();
    await page.locator('.write .summary', { hasText: '300 characters in' }).waitFor();
    const sampler = await openSampler(checkpoint, { ...given, length: 300, backend: 'pure' });
    const expected = checkpoint.vocabulary.decode(sampler.symbols());
    const shown = await textIn(page, '.write');
    expect(shown.replaceAll('↵', '')).toBe(expected);
  });

  it('streams what it writes, stops, and copies', async () => {
    const { url } = await makePage({ text: PLAY, hiddenSize: 200 });
    const { page } = await openModelPage(url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByLabel('Length').fill('100000');
    await page.getByRole('button', { name: 'Write' }).click();
    await page.locator('.write .summary', { hasText: 'writing, ' }).waitFor();
    await page.locator('.write .block > span').first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    const stopped = (await page.locator('.write .summary').textContent()) ?? '';
    expect(stopped).toMatch(/^stopped after [\d,]+ characters$/);
    const count = Number(/[\d,]+/.exec(stopped)?.[0].replaceAll(',', ''));
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(100_000);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.locator('.write .summary', { hasText: 'copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied.length).toBe(count);
    const shown = await textIn(page, '.write');
    expect(shown.replaceAll('↵', '')).toBe(copied);
  });

  it('says why it cannot write after a text with characters that the model does not know', async () => {
    const { url } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    await page.getByLabel('Begin after').fill('A€');
    await page.getByRole('button', { name: 'Write' }).click();
    await page.locator('.write .summary', { hasText: '"€" (U+20AC) at position 1 is not in the model' }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
  });

  it('takes no field of a number that is empty', async () => {
    const { url } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    const areFilled = () => page.evaluate<boolean>('document.querySelector(".write form").checkValidity()');
    for (const label of ['Length', 'Temperature', 'Top-k', 'Top-p', 'Seed']) {
      expect(await areFilled()).toBe(true);
      const field = page.locator('.write').getByLabel(label);
      const value = await field.inputValue();
      await field.fill('');
      expect(await areFilled()).toBe(false);
      await field.fill(value);
    }
  });

  it('shows markup, characters that turn text around and lone marks as text', async () => {
    const text = `<script>document.title="run"</script><b>&amp;\u202eabc\u2066\n\u0301x e\u0301\0\u00a0\r\n`.repeat(3);
    const { url } = await makePage({ text });
    const { page, errors } = await openModelPage(url);
    const shown = await textIn(page, '.read');
    const line =
      '<script>document.title="run"</script><b>&amp;\\u{202e}abc\\u{2066}↵\n◌\u0301x e\u0301\\x00\u00a0\\x0d↵\n';
    expect(shown).toBe(line.repeat(3));
    expect([await page.title(), errors]).toEqual(['model · min-char-rnn', []]);
  });

  it('reads bytes', async () => {
    const text = Uint8Array.from({ length: 500 }, (_, i) => (i * i) % 256);
    const { url, checkpoint, files } = await makePage({ text, encoding: 'bytes' });
    const { page } = await openModelPage(url);
    const { natsPerChar } = await evaluateTexts(checkpoint, [files.text], { backend: 'pure' });
    expect(Math.abs((await lossOn(page)) - natsPerChar)).toBeLessThan(1e-5);
  });

  it('takes a model of 65,000 symbols', async () => {
    const others = Array.from({ length: 65_000 }, (_, i) => 0x20000 + i);
    const { url, checkpoint } = await makePage({ text: PLAY.slice(0, 60), hiddenSize: 2, others });
    const { page, errors } = await openModelPage(url);
    expect(checkpoint.vocabulary.size).toBeGreaterThan(65_000);
    expect(await lossOn(page)).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  it.each([400, 1280].flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme }))))(
    'is accessible, fits and stays still: %j',
    async ({ width, colorScheme }) => {
      // Axe looks at each character.
      const { url } = await makePage({ text: PLAY.slice(0, 600), hiddenSize: 100 });
      const { page } = await openModelPage(url, { colorScheme, viewport: { width, height: 900 } });
      await page.getByLabel('Length').fill('300');
      await page.getByRole('button', { name: 'Write' }).click();
      await page.locator('.write .summary', { hasText: 'characters in' }).waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const shifts = `new Promise((resolve) => {
        const nameOf = ({ node }) => (node?.outerHTML ?? 'text').slice(0, 80);
        const listed = (list) => list.getEntries().map(({ value, sources }) => [value, ...sources.map(nameOf)]);
        new PerformanceObserver((list) => resolve(listed(list))).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve([]), 500);
      })`;
      expect(await page.evaluate(shifts)).toEqual([]);
      await page.locator('.read .block > span').nth(40).click();
      const clipped = `[...document.querySelectorAll('.inspector-head, button')].filter(
        (box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight,
      ).map((box) => box.textContent)`;
      expect(await page.evaluate(clipped)).toEqual([]);
      const room = `(() => {
        const choice = document.querySelector('.list-head select');
        const copy = document.body.appendChild(choice.cloneNode(true));
        const wanted = copy.getBoundingClientRect().width;
        copy.remove();
        return choice.getBoundingClientRect().width - wanted;
      })()`;
      expect(await page.evaluate(room)).toBeGreaterThanOrEqual(0);
      await page.screenshot({ path: `screenshots/model-${width}-${colorScheme}.png`, fullPage: true });
    },
  );

  it('works on each character once as it writes, however long the text gets', async () => {
    const { url } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url);
    await page.evaluate(`{
      const { encode } = TextEncoder.prototype;
      window.encoded = 0;
      TextEncoder.prototype.encode = function (text) {
        window.encoded++;
        return encode.call(this, text);
      };
    }`);
    await page.getByLabel('Length').fill('20000');
    await page.getByRole('button', { name: 'Write' }).click();
    await page.locator('.write .summary', { hasText: '20,000 characters in' }).waitFor();
    expect(await page.evaluate('window.encoded')).toBeLessThanOrEqual(40_000);
  });

  it('goes through the themes with its button', async () => {
    const { url } = await makePage({ text: PLAY });
    const { page } = await openModelPage(url, { colorScheme: 'light' });
    const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await paper();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    expect(await paper()).toBe(light);
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await paper()).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await paper()).not.toBe(light);
  });

  it('holds the text and the weights, and no more', async () => {
    const { files, checkpoint } = await makePage({ text: PLAY });
    const html = readFileSync(files.page, 'utf8');
    const { script, style } = await makeBundle('model');
    const values = Object.values(checkpoint.tensors.parameters).reduce((sum, { length }) => sum + length, 0);
    expect(html.length).toBeLessThan(
      script.length + style.length + (4 / 3) * forwardModule().length + (values * 16) / 3 + 1.2 * PLAY.length + 4000,
    );
  });
});
