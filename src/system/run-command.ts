import { spawn, type ChildProcess } from 'node:child_process';
import { codeOf } from '../errors.js';

/** How a child process ended and the tail of what it wrote. */
export interface CommandResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what environment a command runs, and what stops it. */
export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the command and everything that it started. */
  readonly signal?: AbortSignal | undefined;
}

/** Of each stream, only the last part is kept: the line that explains a failure is at the end. */
const KEPT_CHARACTERS = 65_536;

/**
 * Runs a program without a shell and waits for its end; a failing exit code is a result, not an error.
 *
 * @returns undefined where there is no such program.
 * @throws the abort signal's reason, once the program and its children have been asked to end.
 */
export async function runCommand(
  [program, ...parameters]: readonly [string, ...string[]],
  { env, cwd, signal }: CommandOptions,
): Promise<CommandResult | undefined> {
  signal?.throwIfAborted();
  // Its own process group, so that compilers and pip's helpers can be ended together with it.
  const child = spawn(program, parameters, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => endGroup(child);
  signal?.addEventListener('abort', end);
  try {
    return await outcome(child);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return undefined;
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
    signal?.throwIfAborted();
  }
}

function outcome(child: ChildProcess): Promise<CommandResult> {
  const stdout = collectTail(child.stdout);
  const stderr = collectTail(child.stderr);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout: stdout(), stderr: stderr() }));
  });
}

function collectTail(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-KEPT_CHARACTERS);
  });
  return () => text;
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has already ended by itself.
  }
}

/** The line of a program's output that says best what went wrong: its first error, else its last line. */
export function lastErrorLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => /error\b/i.test(line)) ?? lines.at(-1) ?? 'it wrote nothing';
}
