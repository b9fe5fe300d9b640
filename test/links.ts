import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The pages of the package that its readers begin with. */
export const PAGES = ['README.md', 'SECURITY.md', 'CHANGELOG.md'];

/** Whether a package of these files has a file or a folder of this name. */
export function isAmong(files: readonly string[], path: string): boolean {
  return files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
}

/** Files and folders that a page of the repository links to or shows; no addresses of the web, no headings of its own. */
export function filesLinkedFrom(page: string): string[] {
  const prose = readFileSync(`${ROOT}/${page}`, 'utf8').replace(/^```.*?^```/gms, '');
  const links = prose.matchAll(/\]\(([^)\s]+)[^)]*\)|<(?:img|a)[^>]* (?:src|href)="([^"]+)"/g);
  const targets = Array.from(links, (match) => match[1] ?? match[2]);
  return targets.filter((target) => !/^(https?:|mailto:|#)/.test(target)).map((target) => target.replace(/#.*/, ''));
}
