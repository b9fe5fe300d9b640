import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { assemblePage } from '../../src/pages/assemble.js';
import { scratchFolder } from '../scratch-folder.js';
import { openPage, useBrowser, withoutBrowser } from './browser.js';

useBrowser();

/** The dashboard has no server where it is opened from a file. */
const isNotOfServer = (error: string) => !/\/events|ERR_FAILED/.test(error);

function fileOf(html: string): string {
  const path = join(scratchFolder(), 'page.html');
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

describe.skipIf(withoutBrowser.skip)(`a page in the browser${withoutBrowser.title}`, () => {
  it('shows hostile titles and data as text', async () => {
    const name = '</script><script>document.title = "run"</script><!--<b>&amp;\u202e';
    const { page, errors } = await openPage(fileOf(await assemblePage('dashboard', { title: name, data: { name } })));
    expect(await page.title()).toBe(name);
    expect(await page.evaluate('JSON.parse(document.getElementById("page-data").textContent).name')).toBe(name);
    expect(errors.filter(isNotOfServer)).toEqual([]);
  });

  it('runs no script and loads nothing that was not there when it was made', async () => {
    const html = await assemblePage('dashboard', { title: 'T', data: {} });
    const added =
      '<script>document.title = "run"</script><img src="https://example.com/x.png" onerror="document.title=1">';
    const { page, errors } = await openPage(fileOf(html.replace('</body>', `${added}</body>`)));
    expect(await page.title()).toBe('T');
    const refused = ['inline script', 'inline event handler', 'the image'];
    expect(errors.filter(isNotOfServer).map((error) => refused.find((what) => error.includes(what)))).toEqual(refused);
  });
});

it.each([
  ['model', " 'wasm-unsafe-eval'", "connect-src 'none'"],
  ['dashboard', '', "connect-src 'self'"],
] as const)(
  'the page %s may load and run only what it holds, and says so in its policy',
  async (name, compiled, connections) => {
    const html = await assemblePage(name, { title: 'T', data: null });
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hash = "'sha256-[A-Za-z0-9+/]{43}='";
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(new RegExp(`^script-src ${hash}${compiled}$`)),
      expect.stringMatching(new RegExp(`^style-src ${hash}$`)),
      'worker-src blob:',
      'img-src data:',
      connections,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  },
);
