import { describe, expect, it } from 'vitest';
import { childArguments, parseChildArguments } from '../../benchmarks/settings.js';

const settings = { hiddenSize: 9, seqLength: 4, batchSize: 3, learningRate: 0.05, corpus: 'a text.txt' };

describe("a child's command line", () => {
  it('carries the settings there and back', () => {
    const withWeights = { ...settings, weights: 'w.bin' };
    expect(parseChildArguments(childArguments(settings)).settings).toEqual(settings);
    expect(parseChildArguments(childArguments(withWeights)).settings).toEqual(withWeights);
  });

  it("carries a child's own flags beside them", () => {
    const { own } = parseChildArguments(['--backend', 'wasm', ...childArguments(settings)], ['backend', 'threads']);
    expect(own.backend).toBe('wasm');
    expect(own.threads).toBeUndefined();
  });

  it('refuses flags that nobody knows and sizes that are none', () => {
    expect(() => parseChildArguments(['--backend', 'wasm', '--corpus', 'x'])).toThrow(/backend/);
    expect(() => parseChildArguments(['--hidden-size', 'many', '--corpus', 'x'])).toThrow(/--hidden-size/);
    expect(() => parseChildArguments(['--hidden-size', '9'])).toThrow(/--corpus/);
  });
});
