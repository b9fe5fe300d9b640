import { afterEach, expect, it, vi } from 'vitest';
import { HAS_RELAXED_MADD } from '../../../src/backends/wasm/simd/relaxed.js';

afterEach(() => {
  vi.doUnmock('../../../src/backends/wasm/simd/relaxed.js');
  vi.resetModules();
});

/** a · b with products of 1 + 2⁻¹² by itself, whose last bits only a multiplication with addition in one keeps. */
async function product(): Promise<number> {
  vi.resetModules();
  const tf = await import('@tensorflow/tfjs-core');
  const { loadWasm } = await import('../../../src/backends/wasm/load.js');
  await loadWasm({ compile: true });
  await tf.setBackend('wasm');
  const near = 1 + 2 ** -12;
  const [value] = tf.matMul(tf.tensor2d([[-1 - 2 ** -11, near]]), tf.tensor2d([[1], [near]])).dataSync(); // prettier-ignore
  return value;
}

it('is there, be it behind a flag: Node.js 20 and later know how to multiply and add in one', () => {
  expect(HAS_RELAXED_MADD).toBe(true);
});

it('can be done without: then products are rounded before they are added', async () => {
  const { WebAssembly } = await import('../../../src/backends/wasm/simd/relaxed.js');
  vi.doMock('../../../src/backends/wasm/simd/relaxed.js', () => ({
    WebAssembly,
    HAS_RELAXED_MADD: false,
    RELAXED_MADD: [0xff],
  }));
  expect(await product()).toBe(0);
});

it('is used where it is there: the result is rounded once, or twice on processors that cannot', async () => {
  expect([0, 2 ** -24]).toContain(await product());
});
