import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram } from '../scripts/bundled-program.js';
import { requireTfjs } from '../scripts/required-tfjs.js';
import { compiled } from './compiled.js';

/** Where the bundle lies without the modules that it was made of. */
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-bundled-')));
const alone = join(scratch, 'alone', 'dist');
let licenses: string;

beforeAll(async () => {
  const [root, folder] = [fileURLToPath(compiled(new URL('../', import.meta.url))), join(scratch, 'whole', 'dist')];
  cpSync(join(root, 'src'), folder, { recursive: true });
  for (const made of [folder, alone]) {
    mkdirSync(made, { recursive: true });
    cpSync(join(root, 'package.json'), join(made, '../package.json'));
    symlinkSync(join(root, 'node_modules'), join(made, '../node_modules'));
  }
  requireTfjs(folder);
  licenses = await bundleProgram(folder);
  for (const name of ['cli/main.js', 'corpus/built-in.txt']) {
    mkdirSync(join(alone, name, '..'), { recursive: true });
    cpSync(join(folder, name), join(alone, name));
  }
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(process.execPath, [join(alone, 'cli/main.js'), ...argv], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

it('trains, from one file and the built-in text', () => {
  const output = run(['train', '--backend', 'wasm', '--steps', '1', '--sample-every', '0']);
  expect(output).toMatch(/^wasm: TensorFlow.js 4\.22\.0 on WebAssembly, recorded/m);
  expect(output).toContain('text: the built-in text');
  expect(output).toContain('Done at step 1');
});

it('calls itself by the file that it is', () => {
  expect(run(['train', '--backend', 'pure', '--steps', '1', '--sample-every', '0'])).toContain(
    `node ${join(alone, 'cli/main.js')} train`,
  );
});

it('shows help in the languages of yargs, which lie in its package', () => {
  expect(run(['--help'], { LC_ALL: 'de_DE.UTF-8' })).toContain('Kommandos:');
});

it('comes with the licenses of what is in it', () => {
  expect(licenses).toMatch(/^yargs 18\.\d+\.\d+\n\n[^]*Permission is hereby granted/m);
  expect(licenses).toMatch(/^valibot /m);
  expect(licenses).not.toMatch(/^@tensorflow/m);
});
