import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { filesLinkedFrom, isAmong, PAGES } from './links.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Packed {
  files: { path: string }[];
}

it('the package has everything that its README and the pages beside it link to', () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' })) as [Packed];
  const files = packed.files.map(({ path }) => path);
  const missing = PAGES.flatMap((page) =>
    filesLinkedFrom(page)
      .filter((file) => !isAmong(files, file))
      .map((file) => `${page} links to ${file}, which "files" in package.json must name`),
  );
  expect(missing).toEqual([]);
});

it('the README leads to no heading that is not there', () => {
  const text = readFileSync(`${ROOT}/README.md`, 'utf8');
  const anchorOf = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  const anchors = Array.from(text.matchAll(/^#+ (.*)$/gm), ([, title]) => anchorOf(title));
  const wanted = Array.from(text.matchAll(/\]\(#([^)]+)\)/g), ([, anchor]) => anchor);
  expect(wanted.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});
