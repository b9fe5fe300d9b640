/** `npm run build`: compiles src to dist, where the bin runs with plain node, and puts the built-in text beside it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
cpSync(join(root, 'src/corpus/built-in.txt'), join(root, 'dist/corpus/built-in.txt'));
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
