import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../src/errors.js';
import type { Launch } from '../child.js';
import { nodeProgram } from '../contestants/node-program.js';

/** The best GFLOP/s of a matrix product by matrix size, or why it was not measured. */
export type Gemm = { readonly gflops: Readonly<Record<string, number>> } | { readonly absent: string };

/** Measures, in a process of its own, the best GFLOP/s of a matrix product; by default TensorFlow's, see `gemm.ts`. */
export async function measureGemm(launch: Launch = nodeProgram('gemm.ts', import.meta.url)): Promise<Gemm> {
  const { command, args, env } = launch;
  try {
    const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...env } });
    const line = stdout.split('\n').find((text) => text.startsWith('{'));
    return JSON.parse(line ?? '{"absent": "no answer"}') as Gemm;
  } catch (error) {
    return { absent: lastWords(error) };
  }
}

/** The error that a program ended with, in one line; or why it did not start. */
function lastWords(error: unknown): string {
  const { stderr = '' } = error as { stderr?: string };
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^[\w.]*Error: /.test(line)) ?? lines.at(-1) ?? messageOf(error);
}

/** The faster of two measurements at each size. */
export function fasterOf(a: Gemm, b: Gemm): Gemm {
  if (!('gflops' in a && 'gflops' in b)) return 'gflops' in a ? a : b;
  const faster = Object.entries(a.gflops).map(([size, gflops]) => [size, Math.max(gflops, b.gflops[size] ?? 0)]);
  return { gflops: Object.fromEntries(faster) as Record<string, number> };
}

/** The largest of the sizes' speeds, GFLOP/s; undefined where it was not measured. */
export function peakOf(gemm: Gemm): number | undefined {
  return 'gflops' in gemm ? Math.max(...Object.values(gemm.gflops)) : undefined;
}
