import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn, type SpawnOptions } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach } from 'vitest';
import { nativeStatus } from '../../src/native/status.js';
import type { TrainingEvent } from '../../src/trainer/events.js';
import { compiled } from '../compiled.js';
import { textOf } from '../trainer/runs.js';

const MAIN = fileURLToPath(compiled(new URL('../../src/cli/main.ts', import.meta.url)));

/** Arguments for node that run the compiled program. @param preloads URLs of modules to import before it. */
export function programWith(args: readonly string[], preloads: readonly string[] = []): string[] {
  return [...preloads.flatMap((module) => ['--import', compiled(module)]), MAIN, ...args];
}

const status = nativeStatus();

/** Whether a test of the tensorflow backend is to be skipped, and what its title says then; in CI it is not. */
export const withoutTensorflow =
  status.kind === 'absent' && !process.env.CI
    ? { skip: true, title: " (skipped: TensorFlow's native library is not set up; npm run setup)" }
    : { skip: false, title: '' };

/** What a process of the program came to. */
export interface Finished {
  /** Exit code; null after a signal that the program did not answer itself. */
  code: number | null;
  /** Standard output as it came, and as text. */
  bytes: Buffer;
  stdout: string;
  stderr: string;
}

/** A process of the program while it runs. */
export interface Running {
  child: ChildProcessWithoutNullStreams;
  /** Resolves as soon as the text stands on standard output; rejects if the process ends without it. */
  printed: (text: string) => Promise<void>;
  /** What stands on standard output so far. */
  text: () => string;
  /** How often a text stands on standard output so far. */
  count: (text: string) => number;
  finished: Promise<Finished>;
}

/** How a process is started, where not as the tests are. */
export interface Surroundings {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** JavaScript that runs before the program. */
  preload?: string;
  /** Standard input is a terminal. */
  terminal?: boolean;
  /** What starts it, such as nohup: a program and its first arguments. */
  by?: string[];
}

const running = new Set<ChildProcess>();
const killAll = () => running.forEach((child) => child.kill('SIGKILL'));
// A test that failed leaves its processes; those of concurrent tests cannot be distinguished before the last has ended.
afterEach(({ task }) => {
  if (!task.concurrent) killAll();
});
afterAll(killAll);

/** Sees to it that a process does not outlive the test, however that ends. */
export function endWithTest<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

/** What to preload so that the process itself does something at its first report: from outside it might be too late. */
export function atFirstReport(action: string): string {
  return `import fs from 'node:fs';
    const { write } = process.stdout;
    process.stdout.write = (...given) => {
      if (String(given[0]).includes('"report"')) {
        process.stdout.write = write;
        ${action}
      }
      return write.apply(process.stdout, given);
    };`;
}

/** Starts the program with arguments, its input open. */
export function start(...args: string[]): Running {
  return startIn({}, ...args);
}

/** As `start`, in other surroundings. */
export function startIn({ cwd, env, preload, terminal, by = [] }: Surroundings, ...args: string[]): Running {
  const preloads = preload === undefined ? [] : [`data:text/javascript,${encodeURIComponent(preload)}`];
  const words = [...by, process.execPath, ...programWith(args, preloads)];
  const stdin = terminal ? openSync('/dev/ptmx', 'r+') : 'pipe';
  const options = { cwd, env: { ...process.env, ...env }, stdio: [stdin, 'pipe', 'pipe'] } satisfies SpawnOptions;
  const child = endWithTest(spawn(words[0], words.slice(1), options) as ChildProcessWithoutNullStreams);
  if (typeof stdin === 'number') closeSync(stdin);
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks);
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, bytes: out(), stdout: out().toString(), stderr: err().toString() }));
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => out().includes(text) && resolve();
      child.stdout.on('data', look);
      void finished.then(() => reject(new Error(`ended without printing '${text}': ${err().toString()}`)));
      look();
    });
  const count = (text: string) => out().toString().split(text).length - 1;
  return { child, printed, text: () => out().toString(), count, finished };
}

/** Waits until a condition holds; rejects if the process ends before. */
export async function until(condition: () => boolean, { child }: Pick<Running, 'child'>): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`ended with ${child.exitCode ?? child.signalCode} too early`);
    }
    await sleep(10);
  }
}

/** Waits until the process answers signals that end it itself. Node catches SIGINT and SIGTERM before, but not SIGHUP. */
export async function untilSignalsAreCaught(running: Pick<Running, 'child'>): Promise<void> {
  const status = `/proc/${running.child.pid}/status`;
  await until(() => /SigCgt:\s*\w*[13579bdf]$/m.test(readFileSync(status, 'utf8')), running);
}

/** Runs the program to its end, with `input` on its standard input. */
export async function run(args: readonly string[], input: string | Uint8Array = ''): Promise<Finished> {
  const { child, finished } = start(...args);
  child.stdin.end(input);
  return finished;
}

/** As `run`; throws with what went wrong unless it ended well. */
export async function succeed(...args: string[]): Promise<Finished> {
  const finished = await run(args);
  if (finished.code === 0) return finished;
  throw new Error(`${args.join(' ')}\nended with ${finished.code}: ${finished.stderr || finished.stdout}`);
}

/** `train` on the pure backend with `--json`; returns its events. */
export async function trainJson(...args: string[]): Promise<TrainingEvent[]> {
  return eventsIn((await succeed('train', '--backend', 'pure', '--json', ...args)).stdout);
}

/** The lines of `--json`, but for notes. */
export function eventsIn(stdout: string): TrainingEvent[] {
  return linesIn(stdout).filter(({ type }) => type !== 'note') as unknown as TrainingEvent[];
}

/** JSON lines, parsed. */
export function linesIn(stdout: string): Record<string, unknown>[] {
  const lines = stdout.split('\n');
  if (lines.pop() !== '') throw new Error('the last line must end');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A folder for all tests of a file, removed after the last, and a text in it. */
export function sharedFolder(length = 3000): { path: (name: string) => string; text: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-cli-')));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const { vocabulary, symbols } = textOf(length, 11);
  writeFileSync(path('text.txt'), vocabulary.decode(symbols));
  return { path, text: path('text.txt') };
}

/** Options of a small model, so that a run costs little more than its process. */
export const SMALL = ['--hidden-size', '8', '--seq-length', '10', '--sample-length', '20'];
