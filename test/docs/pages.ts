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
}

/** The README and every page of the guide. */
export function documentation(): Page[] {
  const guide = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...guide.sort().map((name) => `docs/${name}`)].map(page);
}

/** A page by its path from the repository's folder. */
export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The fenced blocks of a page, in their order. */
export function blocksOf({ text }: Page): Block[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language, 2: code, index }) => ({
    language,
    code,
    line: text.slice(0, index).split('\n').length,
  }));
}
