import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPure } from '../../src/backends/pure.js';
import type { Runtime } from '../../src/backends/runtime.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { evaluate, evaluateStepwise } from '../../src/trainer/evaluate.js';
import { lossFromBestStart } from './loss-by-hand.js';
import { eventsOf, smallRun, textOf, trainerOf } from './runs.js';

let runtime: Runtime;
/** A model that has learned a little, so that its loss depends on what it has read. */
let model: TrainableModel;

beforeAll(async () => {
  runtime = await loadPure();
  const trainer = trainerOf(runtime, smallRun({ steps: 150, batchSize: 2 }));
  await eventsOf(trainer);
  model = trainer.parts.model;
});

describe('an evaluation', () => {
  it.each([2, 3, 100, 101, 102, 731])('of %i symbols is the sum over all but the first, read in order', async (n) => {
    const { symbols } = textOf(n, 5);
    const { predictions, natsPerChar } = await evaluate(model, symbols);
    expect(predictions).toBe(n - 1);
    expect(natsPerChar).toBeCloseTo((await lossFromBestStart(model, symbols)) / (n - 1), 6);
  });

  it('of a long text is that of the text read in one go, but for the context before 200 symbols', async () => {
    const { symbols } = textOf(30_007, 6);
    const { natsPerChar } = await evaluate(model, symbols);
    expect(natsPerChar).toBeCloseTo((await lossFromBestStart(model, symbols)) / 30_006, 6);
  });

  it('tells bits and perplexity of the same loss', async () => {
    const { natsPerChar, bitsPerChar, perplexity } = await evaluate(model, textOf(500).symbols);
    expect(bitsPerChar).toBeCloseTo(Math.log2(Math.exp(natsPerChar)), 12);
    expect(perplexity).toBeCloseTo(2 ** bitsPerChar, 10);
  });

  it('counts every symbol but the first once, whatever the length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 19_000, max: 70_000 })), counts),
      { numRuns: 25 },
    );
  });

  it.each([20_001, 20_002, 20_101, 20_102, 30_002])('does so where streams of %i symbols differ by one', counts);

  it('says how far it is while it runs', async () => {
    const fractions: number[] = [];
    for await (const step of evaluateStepwise(model, textOf(200_000).symbols)) {
      if (typeof step === 'number') fractions.push(step);
    }
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.every((fraction) => fraction > 0 && fraction <= 1)).toBe(true);
  });

  it.each([0, 1])('refuses a text of %i symbols', async (n) => {
    await expect(evaluate(model, new Uint8Array(n))).rejects.toThrow(`must have 2 symbols or more, but has ${n}`);
  });
});

/** Every symbol of the text is its own position, so that what an evaluator is given tells where it came from. */
async function counts(length: number): Promise<void> {
  let times = new Uint8Array(0);
  const recording = {
    config: { hiddenSize: 1, vocabularySize: 2 },
    readHidden: () => Promise.resolve(new Float32Array(1)),
    // The last one is that of the evaluation, those before are of candidates for its start.
    evaluator: (hidden: Float32Array) => {
      const counted = (times = new Uint8Array(length));
      return {
        add(inputs: Int32Array, targets: Int32Array, weights: Float32Array) {
          weights.forEach((weight, i) => {
            if (weight === 1 && inputs[i] === targets[i] - 1) counted[targets[i]]++;
            else if (weight !== 0) throw new Error(`weight ${weight} for ${inputs[i]} before ${targets[i]}`);
          });
        },
        totals: () => Promise.resolve(hidden),
        hidden: () => Promise.resolve(hidden),
        dispose() {},
      };
    },
  };
  const positions = Int32Array.from({ length }, (_, i) => i);
  await evaluate(recording as unknown as TrainableModel, positions);
  expect(times[0]).toBe(0);
  expect(times.subarray(1).every((count) => count === 1)).toBe(true);
}
