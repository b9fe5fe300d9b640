import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Arguments for node that run the program from its sources. @param preloads modules to import before it. */
export function fromSources(args: readonly string[], preloads: readonly string[] = []): string[] {
  return [...[import.meta.resolve('tsx'), ...preloads].flatMap((module) => ['--import', module]), MAIN, ...args];
}
