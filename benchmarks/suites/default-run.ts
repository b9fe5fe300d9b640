import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { nodeProgram } from '../contestants/node-program.js';
import type { SuiteContext } from './context.js';

const STEPS = 100_000;
const QUICK_STEPS = 2_000;

/** The seconds from the start of a process to its end, or why it was not measured. */
export type DefaultRun = { readonly steps: number; readonly seconds: number } | { readonly absent: string };

/** Times `train` from the command line with all its defaults, live samples included, its output going nowhere. */
export async function timeDefaultRun({ quick, corpus, report }: SuiteContext): Promise<DefaultRun> {
  const steps = quick ? QUICK_STEPS : STEPS;
  report(`the command line trains for ${steps} steps`);
  const flags = ['train', corpus.path, '--steps', String(steps)];
  const { command, args } = nodeProgram('../../src/cli/main.ts', import.meta.url, flags);
  const start = performance.now();
  const [code] = (await once(spawn(command, args, { stdio: 'ignore' }), 'exit')) as [number | null];
  const seconds = (performance.now() - start) / 1000;
  return code === 0 ? { steps, seconds } : { absent: `it ended with exit code ${code}` };
}
