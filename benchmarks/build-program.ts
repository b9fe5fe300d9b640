import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the build is made of: folders and files. */
const SOURCES = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** The file that the build writes last. */
const LAST = 'dist/native/LICENSE-tfjs-node.txt';

/** Builds dist, which users run, unless it is newer than all that it is made of. */
export function buildProgram(): void {
  if (SOURCES.every((name) => newestIn(join(ROOT, name)) < changed(join(ROOT, LAST)))) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** When the newest of a folder was changed, folders whose entries have changed included, or a file; ms. */
function newestIn(path: string): number {
  const inside = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return Math.max(changed(path), ...inside.map((name) => changed(join(path, name))));
}

/** When a file was changed, ms; 0 where there is none. */
function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
