import { fileURLToPath } from 'node:url';
import type { Launch } from '../../src/bench/child.js';

/**
 * How to start a TypeScript file beside `from` (an `import.meta.url`) as a contestant: through tsx, or what it was
 * compiled to where `from` was compiled too.
 */
export function nodeProgram(file: string, from: string, flags: readonly string[] = [], env = {}): Launch {
  const compiled = from.endsWith('.js');
  const path = fileURLToPath(new URL(compiled ? file.replace(/\.ts$/, '.js') : file, from));
  const loader = compiled ? [] : ['--import', import.meta.resolve('tsx')];
  return { command: process.execPath, args: [...loader, path, ...flags], env };
}
