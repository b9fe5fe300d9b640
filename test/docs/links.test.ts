import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { documentation, page, ROOT } from './pages.js';

const PAGES = [...documentation(), ...['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].map(page)];

it.each(PAGES.map(({ path, text }) => [path, text] as const))(
  'every link of %s leads to a file or heading',
  (path, text) => {
    const broken = linksOf(text).filter((link) => !leadsSomewhere(path, link));
    expect(broken).toEqual([]);
  },
);

it('the guide lists each of its pages', () => {
  const listed = linksOf(page('docs/README.md').text).map((link) => `docs/${link}`);
  const pages = documentation().map(({ path }) => path);
  expect(listed.filter((path) => path.endsWith('.md')).sort()).toEqual(
    pages.slice(1).filter((path) => path !== 'docs/README.md'),
  );
});

/** Targets of links and images that are not whole addresses. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href|srcset)="([^"]+)"/g)];
  return targets.map(([, link, attribute]) => link ?? attribute).filter((target) => !/^\w+:/.test(target));
}

function leadsSomewhere(from: string, link: string): boolean {
  const [file, heading] = link.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (path.startsWith('..') || !existsSync(join(ROOT, path))) return false;
  return heading === undefined || headingsOf(page(path).text).includes(heading);
}

/** The anchors that a page's headings get: lower case, spaces to dashes, nothing else but letters and digits. */
function headingsOf(text: string): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
