import { expect, it, vi } from 'vitest';
import { initialState } from '../../../src/model/parameters.js';
import { referenceFrom } from '../../../src/model/reference/forward-rnn.js';
import { MergingEvaluator } from '../../../src/model/reference/merging-evaluator.js';
import { ReferenceEvaluator } from '../../../src/model/reference/reference-evaluator.js';
import { ReferenceRnn } from '../../../src/model/reference/rnn.js';
import type { Evaluator } from '../../../src/model/trainable-model.js';
import { Random } from '../../../src/sampling/random.js';

const SIZE = { hiddenSize: 6, vocabularySize: 5 };
const STREAMS = 4;
const random = new Random(2);
/** A net of small weights, which forgets within some symbols where it came from. */
const { parameters } = initialState(SIZE, 1, 'paper', random);
const hidden = random.normals(STREAMS * SIZE.hiddenSize, 0.5);

/** Windows of all streams, (T, E): the symbol of each stream at a time. */
function windowsOf(T: number, symbolAt: (time: number, stream: number) => number) {
  return [0, 1, 2].map((window) => {
    const symbols = (shift: number) =>
      Int32Array.from({ length: T * STREAMS }, (_, row) =>
        symbolAt(window * T + Math.floor(row / STREAMS) + shift, row % STREAMS),
      );
    // The last two predictions do not count.
    const weights = Float32Array.from({ length: T * STREAMS }, (_, row) =>
      Number(window < 2 || row < STREAMS * (T - 2)),
    );
    return { inputs: symbols(0), targets: symbols(1), weights };
  });
}

async function numbersOf(evaluator: Evaluator, windows: ReturnType<typeof windowsOf>) {
  for (const { inputs, targets, weights } of windows) evaluator.add(inputs, targets, weights);
  return { totals: await evaluator.totals(), hidden: await evaluator.hidden() };
}

const same = (time: number) => (time * time) % 5;
/** Streams read the same until time 25, and the last two do to the end. */
const parting = (time: number, stream: number) => (time + (time < 25 ? 0 : Math.min(stream, 2))) % 5;

it.each([
  ['the same text', 20, same],
  ['texts that part', 20, parting],
  ['texts that part, in windows of other lengths', 7, parting],
])('gives the numbers of the plain evaluator, for %s', async (_, T, symbolAt) => {
  const windows = windowsOf(T, symbolAt);
  const expected = await numbersOf(new ReferenceEvaluator(SIZE, parameters, hidden, T), windows);
  expect(
    await numbersOf(new MergingEvaluator(SIZE.hiddenSize, referenceFrom(SIZE, parameters), hidden, T), windows),
  ).toEqual(expected);
  expect(new Set(expected.totals).size).toBe(STREAMS);
});

it('reads streams once that have come to the same state', async () => {
  const forward = vi.spyOn(ReferenceRnn.prototype, 'forward');
  await numbersOf(
    new MergingEvaluator(SIZE.hiddenSize, referenceFrom(SIZE, parameters), hidden, 20),
    windowsOf(20, same),
  );
  const read = (forward.mock.contexts as ReferenceRnn[]).map((rnn) => rnn.config.batchSize);
  forward.mockRestore();
  expect([read[0], read.at(-1)]).toEqual([STREAMS, 1]);
});
