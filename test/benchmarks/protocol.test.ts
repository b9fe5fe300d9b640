import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { childArguments, parseChildArguments, timed } from '../../benchmarks/protocol.js';

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

it('the seconds of a round are those that its steps took, with what is awaited', async () => {
  const run = timed(async (steps) => {
    await setTimeout(10 * steps);
    return steps;
  });
  const start = performance.now();
  const { seconds, loss } = (await run('3')) as { seconds: number; loss: number };
  const around = (performance.now() - start) / 1000;
  expect(loss).toBe(3);
  // A timer may be a millisecond early; how late it is depends on the machine.
  expect(seconds).toBeGreaterThan(0.025);
  expect(seconds).toBeLessThanOrEqual(around);
});
