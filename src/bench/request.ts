import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WindowSize } from '../model/parameters.js';
import type { Launch } from './child.js';
import type { BackendName } from '../options/choices.js';

/** The sizes of one training problem: B streams, T time steps, H hidden units. */
export type Size = WindowSize;

/** One that is measured, in a process of its own: TensorFlow reads its settings once, while it loads. */
export interface Contestant {
  readonly name: string;
  readonly backend: BackendName;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
}

/** What `random-trainer` is started with, as JSON. */
export interface BenchRequest {
  readonly contestant: Contestant;
  readonly size: Size;
}

/** V of the measured problem: as many symbols as an English text has. */
export const BENCH_VOCABULARY = 65;

/**
 * How to start the program that trains on random symbols. It has the source's ending: .ts where that runs, .js in a
 * build. @param execArgv options of Node for it.
 */
export function randomTrainer(request: BenchRequest, execArgv: readonly string[] = process.execArgv): Launch {
  const program = fileURLToPath(new URL(`random-trainer${extname(import.meta.url)}`, import.meta.url));
  return { command: process.execPath, args: [...execArgv, program, JSON.stringify(request)] };
}
