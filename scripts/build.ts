/**
 * `npm run build`: compiles src to dist, where the bin runs with plain node, and puts beside it what is no TypeScript:
 * the built-in text, the pages' scripts and the part of tfjs-node that this program carries (src/native/carried.ts).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundlePath, makeBundle, PAGES } from '../src/pages/bundle.js';
import { bundleProgram } from './bundled-program.js';
import { requireTfjs } from './required-tfjs.js';

const root = join(import.meta.dirname, '..');
const packageFolder = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(packageFolder('typescript'), 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
requireTfjs(join(root, 'dist'));
const licenses = await bundleProgram(join(root, 'dist'));
writeFileSync(join(root, 'dist/cli/LICENSES.txt'), `main.js holds these packages.\n\n${licenses}`);
cpSync(join(root, 'src/corpus/built-in.txt'), join(root, 'dist/corpus/built-in.txt'));
for (const page of PAGES) {
  writeFileSync(bundlePath(join(root, 'dist/pages'), page), JSON.stringify(await makeBundle(page)));
}
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
await carryTfjsNode();

/**
 * One file with tfjs-node's kernels and backend. Of TensorFlow.js they get the core, which the package depends on, and
 * what else `@tensorflow/tfjs` gives to it: gradients, and ops as methods of tensors. The rest (layers, converters, other
 * backends) is left out.
 */
async function carryTfjsNode(): Promise<void> {
  const folder = packageFolder('@tensorflow/tfjs-node');
  await build({
    absWorkingDir: root,
    stdin: { contents: carriedCode(), resolveDir: root },
    outfile: 'dist/native/tfjs-node.cjs',
    bundle: true,
    platform: 'node',
    target: 'node20',
    alias: { '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
    external: ['@tensorflow/tfjs-core'],
    // Its gradients and methods are what their files do when they are loaded.
    ignoreAnnotations: true,
    minifySyntax: true,
    minifyWhitespace: true,
    // All 160 files have the same one.
    legalComments: 'none',
    banner: { js: `/*!\n${tfjsNodeNotice(folder)}*/` },
  });
  cpSync(join(folder, 'binding'), join(root, 'dist/native/binding-source'), { recursive: true });
  // tfjs-node comes without the text of its license; the compiler's is the same one.
  const license = readFileSync(join(packageFolder('typescript'), 'LICENSE.txt'), 'utf8');
  writeFileSync(join(root, 'dist/native/LICENSE-tfjs-node.txt'), `${tfjsNodeNotice(folder)}\n${license}`);
}

function carriedCode(): string {
  // By their paths: by name they would belong to the package that is left outside.
  const parts = ['register_all_gradients.js', 'public/chained_ops/register_all_chained_ops.js'];
  const paths = parts.map((part) => join(packageFolder('@tensorflow/tfjs-core'), 'dist', part));
  const imports = paths.map((path) => `import ${JSON.stringify(path)};`);
  return [...imports, `Object.assign(exports, require('./src/native/tfjs-node.cjs'));`].join('\n');
}

function tfjsNodeNotice(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return `tfjs-node.cjs and binding-source/ are parts of @tensorflow/tfjs-node ${version}, Copyright 2016-2024 Google LLC,
licensed under the Apache License, Version 2.0; the text is in LICENSE-tfjs-node.txt. tfjs-node.cjs was made of its
files dist/register_all_kernels.js and dist/nodejs_kernel_backend.js and what these need, which now ask for
@tensorflow/tfjs-core instead of @tensorflow/tfjs, and of the gradients and chained ops of @tensorflow/tfjs-core.
`;
}
