import { Child, type Launch } from '../../src/bench/child.js';
import { messageOf } from '../../src/errors.js';
import { nodeProgram } from '../contestants/node-program.js';

/** The best GFLOP/s by what was measured, a matrix product by its size, or why it was not measured. */
export type Gemm = { readonly gflops: Readonly<Record<string, number>> } | { readonly absent: string };

/** Measures, in a process of its own, the best GFLOP/s of a matrix product; by default TensorFlow's, see `gemm.ts`. */
export async function measureGemm(launch: Launch = nodeProgram('gemm.ts', import.meta.url)): Promise<Gemm> {
  const child = new Child(launch);
  try {
    const { gflops } = await child.answer();
    return { gflops: gflops as Record<string, number> };
  } catch (error) {
    return { absent: messageOf(error) };
  } finally {
    await child.stop();
  }
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
