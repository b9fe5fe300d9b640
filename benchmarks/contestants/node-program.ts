import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Launch } from '../../src/bench/child.js';

const tsxLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** How to start a TypeScript file beside `from` (an `import.meta.url`) as a contestant. */
export function nodeProgram(file: string, from: string, flags: readonly string[] = [], env = {}): Launch {
  const path = fileURLToPath(new URL(file, from));
  return { command: process.execPath, args: ['--import', tsxLoader, path, ...flags], env };
}
