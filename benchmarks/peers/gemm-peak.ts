import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../src/errors.js';
import { nodeProgram } from '../contestants/node-program.js';

/** The best GFLOP/s of TensorFlow's matrix product by matrix size, or why it was not measured. */
export type Gemm = { readonly gflops: Readonly<Record<string, number>> } | { readonly absent: string };

/** Measures, in a process of its own, the best GFLOP/s of TensorFlow's matrix product; see `gemm.ts`. */
export async function measureGemm(): Promise<Gemm> {
  const { command, args } = nodeProgram('gemm.ts', import.meta.url);
  try {
    const { stdout } = await promisify(execFile)(command, args);
    const line = stdout.split('\n').find((text) => text.startsWith('{'));
    return JSON.parse(line ?? '{"absent": "no answer"}') as Gemm;
  } catch (error) {
    return { absent: messageOf(error) };
  }
}
