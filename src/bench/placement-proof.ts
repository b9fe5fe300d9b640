import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOG_KERNELS, type Placement, placementIn } from '../backends/tensorflow/placement.js';
import type { BenchGreeting, BenchRequest } from './request.js';

/** Any small step: what matters is where its kernels run. */
const SIZE = { batchSize: 4, hiddenSize: 32, seqLength: 8 };

/** Long enough for a cold disk and for kernels that a driver compiles for its card. */
const PATIENCE_MS = 120_000;

/** Where the kernels of a training step ran, or why none did. */
export type Proof = { readonly description: string; readonly placement: Placement } | { readonly absent: string };

/**
 * Runs one training step on a device of TensorFlow, in a process of its own, and sees on what its kernels ran, kernel by
 * kernel, as TensorFlow's executor tells it. @param execArgv options of Node for that process.
 */
export async function provePlacement(device: 'cpu' | 'gpu', execArgv = process.execArgv): Promise<Proof> {
  const request: BenchRequest = { contestant: { name: 'proof', backend: 'tensorflow', device }, size: SIZE };
  const program = fileURLToPath(new URL(`child${extname(import.meta.url)}`, import.meta.url));
  const child = fork(program, [JSON.stringify(request)], {
    execArgv,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...LOG_KERNELS },
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const log: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text));
  return new Promise((resolve) => {
    let greeting: BenchGreeting = { absent: 'TensorFlow ended before it was loaded' };
    child.on('message', (message: BenchGreeting | { seconds: number }) => {
      if (!('seconds' in message)) greeting = message;
      if ('description' in message) child.send({ windows: 1 });
      // Its log is read to the end all the same.
      else child.kill('SIGKILL');
    });
    child.on('error', (error) => resolve({ absent: error.message }));
    child.on('close', () => {
      resolve('absent' in greeting ? greeting : { ...greeting, placement: placementIn(log.join('')) });
    });
  });
}
