import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { isUnavailable } from '../../../src/backends/runtime.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import { loadWasm } from '../../../src/backends/wasm/load.js';

it('a trace says which backend it needs where another one is active', async () => {
  const wasm = await loadWasm({ compile: true });
  if (isUnavailable(wasm)) throw new Error(wasm.reason);
  await tf.setBackend('wasm');
  expect(() => trace((x) => [tf.neg(x)], [tf.ones([2])])).toThrow(
    'a function can be traced on the tensorflow backend, but wasm is active',
  );
});
