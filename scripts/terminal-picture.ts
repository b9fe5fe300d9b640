/**
 * Takes the README's picture of a terminal and its sample of generated text from a real run, with the machine's tmux:
 * `npx tsx scripts/terminal-picture.ts text.txt`
 * writes docs/pictures/terminal.svg and benchmarks/results/sample.json. Needs a finished set-up.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeMachine } from '../benchmarks/machine.js';
import { loadCheckpoint } from '../src/checkpoint/checkpoint.js';
import { shellWord } from '../src/system/shell-word.js';
import { fromSources } from './stress/from-sources.js';
import { terminalSvg } from './terminal/terminal-svg.js';

const ROOT = join(import.meta.dirname, '..');
const PICTURE = join(ROOT, 'docs/pictures/terminal.svg');
const RESULT = join(ROOT, 'benchmarks/results/sample.json');
const SIZE = { columns: 100, rows: 24 };
const MINUTES = 5;

/** When the picture is taken, after the start. */
const PICTURE_AFTER_MS = 0.6 * MINUTES * 60_000;

const LEARNING = ['--preset', 'fast', '--minutes', String(MINUTES), '--validation-fraction', '0.1'];
const SAMPLING = ['--length', '500', '--temperature', '0.7', '--seed', '1'];

const [text] = process.argv.slice(2);
if (text === undefined) throw new Error('a text must be named');

const machine = await describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'terminal-picture-'));
const checkpoint = join(folder, 'my.safetensors');
const tmux = (...args: string[]) => execFileSync('tmux', ['-L', basename(folder), ...args], { encoding: 'utf8' });
try {
  const training = ['train', resolve(text), ...LEARNING, '--sample-every', '1000', '--checkpoint', checkpoint];
  const words = [process.execPath, ...fromSources(training)];
  const size = ['-x', String(SIZE.columns), '-y', String(SIZE.rows)];
  tmux('new-session', '-d', '-c', ROOT, ...size, words.map(shellWord).join(' '));
  await sleep(PICTURE_AFTER_MS);
  const screen = tmux('capture-pane', '-p', '-e').trimEnd().split('\n');
  writeFileSync(PICTURE, terminalSvg(screen, commandLine('train', basename(text), ...LEARNING), SIZE.columns));
  while (isRunning()) await sleep(1000);
  await writeSample();
} finally {
  if (isRunning()) tmux('kill-server');
  rmSync(folder, { recursive: true });
}

/** The session ends with its program. */
function isRunning(): boolean {
  try {
    tmux('has-session');
    return true;
  } catch {
    return false;
  }
}

async function writeSample(): Promise<void> {
  const sampling = fromSources(['sample', checkpoint, ...SAMPLING]);
  const generated = execFileSync(process.execPath, sampling, { encoding: 'utf8', cwd: ROOT });
  const { run } = await loadCheckpoint(checkpoint);
  const result = {
    date: new Date().toISOString(),
    machine,
    corpus: basename(text),
    train: commandLine('train', basename(text), ...LEARNING, '--checkpoint', 'my.safetensors'),
    sample: commandLine('sample', 'my.safetensors', ...SAMPLING),
    steps: run.step,
    seconds: run.elapsedSeconds,
    natsPerChar: run.validation.at(-1)?.natsPerChar,
    text: generated,
  };
  writeFileSync(RESULT, `${JSON.stringify(result, null, 2)}\n`);
}

function commandLine(...words: string[]): string {
  return ['min-char-rnn', ...words.map(shellWord)].join(' ');
}
