import { describe, expect, it } from 'vitest';
import { neededBytes, shortageOf, shortageOnDevice, WASM_BYTES } from '../../src/backends/memory.js';

const GIB = 2 ** 30;
const size = { batchSize: 440, seqLength: 500, hiddenSize: 256, vocabularySize: 65 };
const immense = { ...size, batchSize: 4400 };

describe('the memory that a size needs', () => {
  // Peaks of steps that were run, in MiB: of wasm memory in use; of resident memory less what is there once loaded.
  it.each([
    ['wasm', 1739, 440, 500, 256, 65, 1],
    ['wasm', 3888, 2, 10, 3000, 11_000, 1],
    ['wasm', 867, 2, 16, 512, 16_000, 2],
    ['wasm', 268, 1, 25, 1024, 2000, 4],
    ['wasm', 180, 16, 64, 64, 8000, 1],
    ['tensorflow', 1769, 2, 16, 512, 16_000, 2],
    ['tensorflow', 1003, 1, 25, 1024, 2000, 4],
    ['tensorflow', 871, 128, 4, 3000, 65, 1],
    ['pure', 104, 1, 25, 1024, 2000, 1],
    ['pure', 79, 64, 64, 1024, 500, 1],
  ] as const)(
    'is near what was measured: %s, %i MiB',
    (backend, measured, batchSize, seqLength, hiddenSize, vocabularySize, windows) => {
      const needed = neededBytes(backend, { batchSize, seqLength, hiddenSize, vocabularySize, windows }) / 2 ** 20;
      expect(needed / measured).toBeGreaterThan(0.77);
      expect(needed / measured).toBeLessThan(1.05);
    },
  );

  it('is not known without the vocabulary', () => {
    expect(shortageOf('wasm', { batchSize: 1e5, hiddenSize: 1e4 }, undefined, GIB)).toBeUndefined();
  });
});

describe('a shortage of memory', () => {
  it("is there where WebAssembly's addresses end, whatever the machine has", () => {
    expect(neededBytes('wasm', size)).toBeLessThan(WASM_BYTES);
    expect(shortageOf('wasm', size, undefined, 100 * GIB)).toBeUndefined();
    expect(shortageOf('wasm', { ...size, batchSize: 1100 }, undefined, 100 * GIB)).toBe(
      'it needs 4.2 GiB for these sizes, but WebAssembly has 4.0 GiB at most',
    );
  });

  it.each(['tensorflow', 'wasm', 'pure'] as const)('is there for %s where the machine has too little', (backend) => {
    expect(shortageOf(backend, size, undefined, 8 * GIB)).toBeUndefined();
    expect(shortageOf(backend, size, undefined, GIB / 4)).toMatch(/^it needs .* GiB .* this machine has 0\.3 GiB$/);
  });

  it('is there for weights alone, where a model is only read', () => {
    const read = { batchSize: 1, hiddenSize: 10_000, vocabularySize: 20_000 };
    expect(shortageOf('pure', read, undefined, 6 * GIB)).toBeUndefined();
    expect(shortageOf('pure', read, undefined, 4 * GIB)).toMatch(/^it needs 5\.6 GiB/);
  });

  it("is not known of a card's memory", () => {
    expect(shortageOf('tensorflow', immense, 'gpu', 8 * GIB)).toBeUndefined();
    expect(shortageOf('tensorflow', immense, 'cpu', 8 * GIB)).toMatch(/^it needs/);
  });

  it('is there for a graphics device that takes no array so large', () => {
    const limits = { maxBufferSize: GIB, maxStorageBufferBindingSize: GIB / 8 };
    expect(shortageOnDevice({ ...size, batchSize: 256 }, limits)).toBeUndefined();
    expect(shortageOnDevice(size, limits)).toBe(
      'one of its arrays needs 0.2 GiB for these sizes, but the device takes 0.1 GiB at most',
    );
  });
});
