import { readFileSync } from 'node:fs';

/** The program's version, from its package.json, which lies two folders up in the source and in the build. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String((manifest as { version: string }).version);
}
