import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadWasm } from '../../../src/backends/wasm/load.js';
import { refuseWhenFull, wasmBackend, type WasmModule } from '../../../src/backends/wasm/wasm-backend.js';
import { UserError } from '../../../src/errors.js';

describe('wasm memory', () => {
  it('is said to be full instead of being overwritten from its start', async () => {
    await loadWasm({ compile: true });
    await tf.setBackend('wasm');
    const { wasm } = wasmBackend();
    const before = wasm.HEAPU8.slice(0, 4096);
    expect(() => tf.zeros([2 ** 15, 2 ** 16])).toThrow(UserError);
    expect(() => wasm._malloc(2 ** 32 + 16)).toThrow(/^WebAssembly must have 4\.0 GiB more memory/);
    expect(wasm.HEAPU8.slice(0, 4096)).toEqual(before);
  });

  it('is watched once, and otherwise given as before', () => {
    let calls = 0;
    const module = { _malloc: (bytes: number) => (calls++, bytes === 7 ? 0 : -64), _free: () => undefined };
    refuseWhenFull(module as unknown as WasmModule);
    const watched = module._malloc;
    refuseWhenFull(module as unknown as WasmModule);
    expect(module._malloc).toBe(watched);
    expect([module._malloc(8), calls]).toEqual([-64, 2]);
    expect(() => module._malloc(7)).toThrow(/its 4\.0 GiB are full; take a smaller batch, window or model/);
  });
});
