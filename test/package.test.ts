import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Packed {
  files: { path: string }[];
}

/** Links and pictures of a Markdown text that are no addresses of the web and no headings of its own. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```.*?^```/gms, '');
  const targets = Array.from(
    prose.matchAll(/\]\(([^)\s]+)\)|<(?:img|a)[^>]* (?:src|href)="([^"]+)"/g),
    (match) => match[1] ?? match[2],
  );
  return targets.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*/, ''));
}

it('the package has everything that its README and what that leads to link to', () => {
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(answer) as [Packed];
  const files = new Set(packed.files.map(({ path }) => path));
  const missing: string[] = [];
  for (const page of ['README.md', 'SECURITY.md', 'CHANGELOG.md']) {
    const links = linksOf(readFileSync(`${ROOT}/${page}`, 'utf8'));
    missing.push(
      ...links
        .filter((link) => !files.has(link))
        .map((link) => `${page}: ${link}, to be added to "files" in package.json`),
    );
  }
  expect(missing).toEqual([]);
});

it('the README leads to no heading that is not there', () => {
  const text = readFileSync(`${ROOT}/README.md`, 'utf8');
  const anchors = Array.from(text.matchAll(/^#+ (.*)$/gm), ([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  const wanted = Array.from(text.matchAll(/\]\(#([^)]+)\)/g), ([, anchor]) => anchor);
  expect(wanted.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});
