import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fromSources } from './from-sources.js';

/** A worker in a process of its own, on a port that was free. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly address: string;
}

/** Starts a worker and waits until it listens. */
export async function startWorkerProcess(flags: readonly string[]): Promise<WorkerProcess> {
  const args = fromSources(['worker', '--port', '0', ...flags]);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let address: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    address = / at (\S+:\d+),/.exec(line)?.[1];
    if (address !== undefined) break;
  }
  if (address === undefined) throw new Error('the worker ended before it listened');
  child.stdout.resume();
  return { child, address };
}

/** Sends a signal to a worker and to the process that serves its trainer: as if it came to the whole machine. */
export function signalAll({ pid = 0 }: Pick<ChildProcess, 'pid'>, signal: NodeJS.Signals): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  for (const each of [pid, ...children.map(Number)]) process.kill(each, signal);
}
