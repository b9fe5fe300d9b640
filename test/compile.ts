import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the folder that holds the whole repository compiled; see `compiled.ts`. */
    compiled: string;
  }
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Code, which is compiled, and what lies beside it and is copied. */
const COPIED = ['.cjs', '.json', '.txt', '.css', '.py', '.c', '.h'];
const FILES = ['package.json', 'src/**/*', ...['benchmarks', 'scripts', 'test'].map((folder) => `${folder}/**/*.ts`)];

/**
 * Compiles the repository once for all tests, file by file, into a temporary folder, so that the processes which they
 * start need not: through tsx each would take longer to load the program than to run it.
 */
export default async function compile(project: TestProject): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-compiled-')));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const compileAll = () =>
    build({
      absWorkingDir: ROOT,
      entryPoints: [...FILES, 'benchmarks/peers/*.py', 'benchmarks/peers/*.c', 'benchmarks/peers/*.h'],
      outbase: ROOT,
      outdir: folder,
      format: 'esm',
      platform: 'node',
      loader: Object.fromEntries(COPIED.map((ending) => [ending, 'copy'])),
    });
  await compileAll();
  project.onTestsRerun(async () => void (await compileAll()));
  project.provide('compiled', pathToFileURL(join(folder, '/')).href);
  return () => rmSync(folder, { recursive: true, force: true });
}
