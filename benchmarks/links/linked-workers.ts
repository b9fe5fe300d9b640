import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { nodeProgram } from '../contestants/node-program.js';
import type { Line, LinkedWorker } from './line.js';
import { openNamespace } from './namespace.js';
import { startRelay } from './relay.js';

/** One thread, as the trainer beside it has. */
const FLAGS = ['worker', '--port', '0', '--threads', '1'];

/** A worker that is reached through this machine's memory. */
export async function directWorker(): Promise<LinkedWorker> {
  const { child, address } = await startWorker();
  return { address, close: () => child.kill() };
}

/** A worker behind a relay that is as slow as a line. */
export async function relayedWorker(line: Line): Promise<LinkedWorker> {
  const { child, address } = await startWorker();
  const { port, close } = await startRelay(Number(address.split(':').at(-1)), line);
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      close();
      child.kill();
    },
  };
}

/** A worker in a network of its own, behind a line of the system. @throws Error with the reason where that cannot be. */
export async function namespaceWorker(line: Line): Promise<LinkedWorker> {
  const { host, prefix, close } = openNamespace(line);
  try {
    const { child, address } = await startWorker(prefix, ['--host', host, '--trust-network']);
    return {
      address,
      close: () => {
        child.kill();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** @returns when it listens. */
async function startWorker(prefix: readonly string[] = [], flags: readonly string[] = []) {
  const { command, args } = nodeProgram('../../src/cli/main.ts', import.meta.url, [...FLAGS, ...flags]);
  const [program, ...words] = [...prefix, command, ...args];
  const child: ChildProcess = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('a worker must have an output');
  for await (const line of createInterface({ input: child.stdout })) {
    const address = / at (\S+:\d+),/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stdout.resume();
    return { child, address };
  }
  throw new Error('a worker ended before it listened');
}
