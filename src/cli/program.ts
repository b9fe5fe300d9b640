import { readFileSync } from 'node:fs';

/** The program's version, from its package.json, which lies two folders up in the source and in the build. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String((manifest as { version: string }).version);
}

/** How this program was called, for commands to copy: the bin, or its source in a clone. */
export function programName(): string {
  return process.argv[1]?.endsWith('.ts') ? 'npx tsx src/cli/main.ts' : 'min-char-rnn';
}
