import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { BUILT_IN_CORPUS } from '../../src/corpus/corpus.js';
import { programWith } from '../cli/processes.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { scratchFolder } from '../scratch-folder.js';
import { type Block, blocksOf, documentation } from './pages.js';

const PACKAGES = ['numpy', 'safetensors'];
const python = pythonWith(PACKAGES);

/** Commands that are run elsewhere: those of a clone, which `.ci/run` starts with, and those that measure for minutes. */
const ELSEWHERE = /^(npm (ci|install|run|test)|npx tsx (src|scripts))\b/;

/** Long enough for the command's own work on a small text. */
const SHORT = '0.01';

it.for(documentation())('every command and program of $path works as it stands', async (page, context) => {
  const folder = readersFolder();
  const blocks = blocksOf(page);
  for (const { language, code, line } of blocks) {
    const run = { sh: shell, python: pythonProgram }[language];
    await run?.(folder, code).catch((error: Error) => expect.fail(`${page.path}:${line}: ${error.message}`));
  }
  const left = python === undefined && blocks.some(({ language }) => language === 'python');
  if (left) context.skip(whyNoPython(PACKAGES));
});

it('every block says in what language it is', () => {
  const known = ['sh', 'ts', 'python', 'text', 'html'];
  const strange = documentation().flatMap((page) => blocksOf(page).filter(({ language }) => !known.includes(language)));
  expect(strange).toEqual<Block[]>([]);
});

/** A folder with what a reader has: texts, and the program on the path. */
function readersFolder(): string {
  const folder = scratchFolder();
  const text = readFileSync(BUILT_IN_CORPUS, 'utf8').slice(0, 20_000);
  mkdirSync(join(folder, 'books'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['my.txt', 'more.txt', 'books/one.txt']) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'more.txt.gz'), gzipSync(text));
  const program = join(folder, 'bin/min-char-rnn');
  const call = [process.execPath, ...programWith([])].map((word) => `'${word}'`).join(' ');
  writeFileSync(program, `#!/bin/sh\nexec ${call} "$@"\n`);
  chmodSync(program, 0o755);
  return folder;
}

async function shell(folder: string, code: string): Promise<void> {
  const commands = code.split('\n').filter((line) => line !== '' && !ELSEWHERE.test(line));
  if (commands.length === 0) return;
  const script = commands.join('\n').replace(/--minutes \d+/g, `--minutes ${SHORT}`);
  await inFolder(folder, 'bash', ['-euo', 'pipefail', '-c', script]);
}

async function pythonProgram(folder: string, code: string): Promise<void> {
  if (python === undefined) return;
  writeFileSync(join(folder, 'program.py'), code);
  await inFolder(folder, python, ['program.py']);
}

async function inFolder(folder: string, program: string, args: string[]): Promise<void> {
  const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
  await promisify(execFile)(program, args, { cwd: folder, env: { ...process.env, PATH }, maxBuffer: 2 ** 26 });
}
