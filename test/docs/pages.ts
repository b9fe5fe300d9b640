import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A page of the documentation. */
export interface Page {
  /** Its path from the repository's folder. */
  path: string;
  text: string;
}

/** A fenced block of code. */
export interface Block {
  language: string;
  code: string;
  /** Where it begins, counted from 1. */
  line: number;
  /** Why the tests do not run it, where a comment before it says so. */
  notRun: string | undefined;
}

/** Every page of the guide. */
export function guide(): Page[] {
  const names = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => page(`docs/${name}`));
}

/** The README and every page of the guide. */
export function documentation(): Page[] {
  return [page('README.md'), ...guide()];
}

/** A page by its path from the repository's folder. */
export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The fenced blocks of a page, in their order. */
export function blocksOf({ text }: Page): Block[] {
  const blocks = text.matchAll(/(?:^<!-- not run: (.+) -->\n+)?^```(\w*)\n(.*?)^```$/gms);
  return [...blocks].map(({ 0: whole, 1: notRun, 2: language, 3: code, index }) => ({
    language,
    code,
    line: text.slice(0, index + whole.indexOf('```')).split('\n').length,
    notRun,
  }));
}

/** The rows of a page's tables, each its cells without the backquotes around them; heads and rules too. */
export function rowsOf({ text }: Page): string[][] {
  const rows = [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row]) => row.split(/(?<!\\)\|/));
  return rows.map((cells) => cells.map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')));
}
