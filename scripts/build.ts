/**
 * `npm run build`: compiles src to dist, where the bin runs with plain node, and puts the built-in text and the pages'
 * scripts beside it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundlePath, makeBundle, PAGES } from '../src/pages/bundle.js';

const root = join(import.meta.dirname, '..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
cpSync(join(root, 'src/corpus/built-in.txt'), join(root, 'dist/corpus/built-in.txt'));
for (const page of PAGES) {
  writeFileSync(bundlePath(join(root, 'dist/pages'), page), JSON.stringify(await makeBundle(page)));
}
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
