import { expect, it } from 'vitest';
import { loadPure } from '../../src/backends/pure.js';
import { type SymbolSource, sourceOf } from '../../src/corpus/symbols.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { readStretches, type Stretch, TextReading } from '../../src/trainer/text-reading.js';
import { lossByHand } from './loss-by-hand.js';
import { eventsOf, smallRun, textOf, trainerOf } from './runs.js';

const stretches = (count: number, length: number): Stretch[] =>
  Array.from({ length: count }, (_, i) => ({ from: i * length, end: (i + 1) * length }));

/** A model of so many symbols that computes nothing. */
const idle = (vocabularySize: number) =>
  ({ config: { hiddenSize: 1, vocabularySize }, evaluator: () => ({}) }) as unknown as TrainableModel;

it.each([
  [1, 65, 100],
  [32, 5242, 100],
  [32, 5243, 50],
  [32, 60_000, 5],
  [200, 50_000, 1],
  [32, 1_100_000, 1],
])('reads windows whose logits fit in memory: %i streams of %i symbols', (streams, vocabularySize, window) => {
  const source = sourceOf(new Uint8Array(10));
  const reading = new TextReading(idle(vocabularySize), source, new Float32Array(streams), stretches(streams, 250));
  expect([reading.window, reading.windows]).toEqual([window, 250 / window === 2.5 ? 3 : 250 / window]);
});

it('reads ahead by 8 MiB over all streams', () => {
  const asked: number[] = [];
  const source = { cursor: (bytes: number) => void asked.push(bytes) } as unknown as SymbolSource;
  expect(() => new TextReading(idle(65), source, new Float32Array(4), stretches(4, 100))).not.toThrow();
  expect(asked).toEqual(Array(4).fill(2 ** 21));
});

it('counts each stretch to its end, whatever their lengths, and leaves out those uncounted', async () => {
  const trainer = trainerOf(await loadPure(), smallRun({ steps: 150 }));
  await eventsOf(trainer);
  const { model } = trainer.parts;
  const { symbols } = textOf(700, 5);
  const zeros = new Float32Array(model.config.hiddenSize);
  const given = [
    { from: 0, end: 100 },
    { from: 50, end: 401 },
    { from: 300, end: 303 },
  ];
  const hidden = new Float32Array(3 * zeros.length);
  const { totals } = await readStretches(model, sourceOf(symbols), hidden, given);
  for (const [i, { from, end }] of given.entries()) {
    expect(totals[i]).toBeCloseTo(await lossByHand(model, symbols.subarray(from, end + 1), zeros), 3);
  }
  const counted = await readStretches(model, sourceOf(symbols), hidden, given, { uncounted: 100 });
  expect(counted.totals[0]).toBe(0);
  expect(counted.totals[2]).toBe(0);
  const start = await lossByHand(model, symbols.subarray(50, 151), zeros);
  expect(counted.totals[1]).toBeCloseTo(totals[1] - start, 3);
});

it('ends at the signal', async () => {
  const trainer = trainerOf(await loadPure(), smallRun({ steps: 1 }));
  const { model } = trainer.parts;
  const { symbols } = textOf(700, 5);
  const hidden = new Float32Array(model.config.hiddenSize);
  const { totals } = await readStretches(model, sourceOf(symbols), hidden, stretches(1, 600), {
    signal: AbortSignal.abort(),
  });
  expect([...totals]).toEqual([0]);
});
