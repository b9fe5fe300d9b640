import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { requireTfjs } from '../scripts/required-tfjs.js';
import { scratchFolder } from './scratch-folder.js';

/** Modules that import TensorFlow.js in each of the ways that compiled ones do. */
const MODULES = {
  'top.js': `import * as tf from '@tensorflow/tfjs-core';\nexport { tf };\n`,
  'deep/er/named.js': `import { add, Tensor } from '@tensorflow/tfjs-core';\nexport { add, Tensor };\n`,
  'deep/late.js': `export const wasm = await import("@tensorflow/tfjs-backend-wasm");\n`,
  'deep/again.js': `export { tensor1d } from '@tensorflow/tfjs-core';\nexport const other = '@tensorflow/tfjs-core is named';\n`,
};

/** Compares what they import with what a user of the library imports, and says which files Node.js has parsed for exports. */
const COMPARE = `
import * as tf from '@tensorflow/tfjs-core';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
const [top, named, late, again] = await Promise.all(process.argv.slice(1).map((url) => import(url)));
const same = (a, b) => Object.keys(b).every((name) => name === 'default' || name === 'module.exports' || a[name] === b[name]);
console.log(JSON.stringify([
  same(top.tf, tf), named.add === tf.add && named.Tensor === tf.Tensor, same(late.wasm, wasm),
  again.tensor1d === tf.tensor1d, again.other,
]));`;

it('compiled modules that require TensorFlow.js have what importing it gives', () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const [name, code] of Object.entries(MODULES)) writeFileSync(join(folder, name), code);
  requireTfjs(folder);
  const imported = Object.keys(MODULES).map((name) =>
    /\((.*)\)|from (.*);/.exec(readFileSync(join(folder, name), 'utf8')),
  );
  expect(imported.map((found) => found?.[1] ?? found?.[2])).toEqual(
    ["'./tfjs/core.js'", "'../../tfjs/core.js'", '"../tfjs/backend-wasm.js"', "'../tfjs/core.js'"], // prettier-ignore
  );
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'));
  const urls = Object.keys(MODULES).map((name) => pathToFileURL(join(folder, name)).href);
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', COMPARE, ...urls], { cwd: folder });
  expect(JSON.parse(output.toString())).toEqual([true, true, true, true, '@tensorflow/tfjs-core is named']);
});
