import type * as tf from '@tensorflow/tfjs-core';

/** For so long a size is tried: a cloud machine is slow for a second at times. */
const SECONDS = 2;
const PRODUCTS_PER_TRY = 4;

/** What a product is made with: TensorFlow.js's core has these functions, and the packages around it have them too. */
type Library = Pick<typeof tf, 'randomUniform' | 'tidy' | 'matMul' | 'slice' | 'dispose'>;

/** The best GFLOP/s of a product at each size, as the answer that `measureGemm` reads: {"gflops": {"512": ...}}. */
export async function gflopsBySize(
  library: Library,
  sizes: readonly number[],
): Promise<{ gflops: Record<string, number> }> {
  const gflops: Record<string, number> = {};
  for (const size of sizes) gflops[size] = await bestGflops(library, size);
  return { gflops };
}

/** GFLOP/s of the best of several tries at a product of two (size, size) matrices, read back at the end. */
async function bestGflops({ randomUniform, tidy, matMul, slice, dispose }: Library, size: number): Promise<number> {
  const a = randomUniform([size, size]);
  const b = randomUniform([size, size]);
  const end = performance.now() + 1000 * SECONDS;
  let best = 0;
  do {
    const start = performance.now();
    const corner = tidy(() => {
      let product = matMul(a, b);
      for (let j = 1; j < PRODUCTS_PER_TRY; j++) product = matMul(a, b);
      return slice(product, [0, 0], [1, 1]);
    });
    // Products are computed in order: the last one's corner is there when all are.
    await corner.data();
    const seconds = (performance.now() - start) / 1000;
    corner.dispose();
    best = Math.max(best, (PRODUCTS_PER_TRY * 2 * size ** 3) / seconds / 1e9);
  } while (performance.now() < end);
  dispose([a, b]);
  return best;
}
