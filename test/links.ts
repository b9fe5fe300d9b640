import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const GUIDE = readdirSync(`${ROOT}/docs`).filter((name) => name.endsWith('.md'));

/** The pages of the package. */
export const PAGES = ['README.md', 'SECURITY.md', 'CHANGELOG.md', ...GUIDE.map((name) => `docs/${name}`)];

/** Whether a package of these files has a file or a folder of this name. */
export function isAmong(files: readonly string[], path: string): boolean {
  return files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
}

/** Files and folders, from the repository's, that a page links to or shows; no addresses of the web, no headings of its own. */
export function filesLinkedFrom(page: string): string[] {
  const prose = readFileSync(`${ROOT}/${page}`, 'utf8').replace(/^```.*?^```/gms, '');
  const links = prose.matchAll(/\]\(([^)\s]+)[^)]*\)|<(?:img|a)[^>]* (?:src|href)="([^"]+)"/g);
  const targets = Array.from(links, (match) => match[1] ?? match[2]);
  const files = targets.filter((target) => !/^(https?:|mailto:|#)/.test(target));
  return files.map((target) => posix.join(posix.dirname(page), target.replace(/#.*/, '')));
}
