import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { programWith, withoutTensorflow } from '../cli/processes.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { scratchFolder } from '../scratch-folder.js';
import { type Block, blocksOf, documentation, ROOT } from './pages.js';

const PACKAGES = ['numpy', 'safetensors'];
const python = pythonWith(PACKAGES);

/** Commands that `.ci/run` starts with, or that need a clone or a registry, or measure for minutes. */
const ELSEWHERE = /^((npm (ci|install|run|test)|npx tsx (src|scripts))\b|min-char-rnn setup$)/;

/** Long enough for the command's own work on a small text. */
const SHORT = '0.01';

/** Ends programs in the background where a command after them fails. */
const LEAVE_NOTHING = `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT`;

/** How many blocks may be left out, each for the reason that stands before it. */
const MOST_NOT_RUN = 3;

describe.concurrent('the documentation', () => {
  for (const page of documentation()) {
    const blocks = blocksOf(page).filter(({ notRun }) => notRun === undefined);
    const lack = lackFor(blocks);
    it.skipIf(lack !== '')(
      `has commands and programs in ${page.path} that work as they stand${lack}`,
      async ({ onTestFinished }) => {
        const folder = scratchFolder(onTestFinished);
        equip(folder);
        for (const { language, code, line } of blocks) {
          const run = { sh: shell, python: pythonProgram }[language];
          await run?.(folder, code).catch((error: Error) => expect.fail(`${page.path}:${line}: ${error.message}`));
        }
      },
    );
  }
});

it('every block says in what language it is, and few are not run', () => {
  const known = ['sh', 'js', 'python', 'text', 'json', 'html'];
  const blocks = documentation().flatMap(blocksOf);
  expect(blocks.filter(({ language }) => !known.includes(language))).toEqual<Block[]>([]);
  expect(blocks.filter(({ notRun }) => notRun !== undefined).length).toBeLessThanOrEqual(MOST_NOT_RUN);
});

/** What this machine lacks for a page's blocks, for the title of a test that is skipped; empty where it has all. */
function lackFor(blocks: Block[]): string {
  if (python === undefined && blocks.some(({ language }) => language === 'python')) {
    return ` (skipped: ${whyNoPython(PACKAGES)})`;
  }
  return blocks.some(({ code }) => code.includes('--workers')) ? withoutTensorflow.title : '';
}

/** Puts into a folder what a reader has: texts, and the program on the path. */
function equip(folder: string): void {
  const text = readFileSync(join(ROOT, 'src/corpus/built-in.txt'), 'utf8').slice(0, 20_000);
  mkdirSync(join(folder, 'books'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['my.txt', 'more.txt', 'books/one.txt']) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'more.txt.gz'), gzipSync(text));
  const program = join(folder, 'bin/min-char-rnn');
  const call = [process.execPath, ...programWith([])].map((word) => `'${word}'`).join(' ');
  writeFileSync(program, `#!/bin/sh\nexec ${call} "$@"\n`);
  chmodSync(program, 0o755);
}

async function shell(folder: string, code: string): Promise<void> {
  const commands = code.split('\n').filter((line) => line !== '' && !ELSEWHERE.test(line));
  if (commands.length === 0) return;
  const script = commands.join('\n').replace(/--minutes \d+/g, `--minutes ${SHORT}`);
  await inFolder(folder, 'bash', ['-euo', 'pipefail', '-c', `${LEAVE_NOTHING}\n${script}`]);
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
