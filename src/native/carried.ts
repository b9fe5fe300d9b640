import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What of tfjs-node this program carries with it, since that package cannot be installed as others are. In the build its
 * code and its binding's source lie beside this file, put there by scripts/build.ts; in a clone they are the package's.
 */
const here = (): string => dirname(fileURLToPath(import.meta.url));

/** The CommonJS module with tfjs-node's kernels and its class `NodeJSKernelBackend`. */
export function tfjsNodeModule(): string {
  return join(here(), 'tfjs-node.cjs');
}

/** The folder with the C++ source of tfjs-node's binding. @throws in a clone whose packages are not installed. */
export function bindingSource(): string {
  const built = join(here(), 'binding-source');
  if (existsSync(built)) return built;
  return join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json')), 'binding');
}

/** The C headers of Node-API. */
export function nodeApiHeaders(): string {
  return join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
}

/** Copies the files of a folder, which may lie inside of an archive that only Node can look into (Plug'n'Play). */
export function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) writeFileSync(join(to, name), readFileSync(join(from, name)));
}
