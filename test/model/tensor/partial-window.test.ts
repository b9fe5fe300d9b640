import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensorBackend } from '../../../src/backends/active-backend.js';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import {
  type Division,
  joinedWindow,
  partialWindow,
  streamsOf,
  sumsOf,
  windowSum,
} from '../../../src/model/tensor/partial-window.js';
import { type Span, spansIn, sumOver } from '../../../src/model/tensor/shards.js';
import { TensorModel } from '../../../src/model/tensor/tensor-model.js';
import { PARAMETER_COUNT } from '../../../src/model/tensor/tensors.js';
import { describeBackend } from '../describe-backend.js';
import { problem, trainModel, type Problem } from '../problem.js';

/** The sum written out, such as ((0+1)+2). */
const written = (span: Span, known: (span: Span) => string | undefined) =>
  sumOver<string>(span, known, (a, b) => `(${a}+${b})`);
const shard = ({ first, end }: Span) => (end - first === 1 ? String(first) : undefined);

/** The spans between cuts. */
const between = (cuts: readonly number[]): Span[] => cuts.slice(1).map((end, i) => ({ first: cuts[i], end }));

describe('a sum over shards', () => {
  it('is the same, in the same order, whoever has computed its parts', () => {
    const cases = fc
      .integer({ min: 1, max: 40 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.uniqueArray(fc.integer({ min: 1, max: count }), { maxLength: 6 })),
      );
    fc.assert(
      fc.property(cases, ([count, cuts]) => {
        const whole = { first: 0, end: count };
        const parts = between([...new Set([0, ...cuts, count])].sort((a, b) => a - b));
        const sums = new Map(
          parts
            .flatMap((part) => spansIn(part, whole))
            .map((span) => [`${span.first}-${span.end}`, written(span, shard)]),
        );
        expect(written(whole, ({ first, end }) => sums.get(`${first}-${end}`))).toBe(written(whole, shard));
      }),
    );
  });

  it('adds up to three one after another', () => {
    expect(written({ first: 0, end: 3 }, shard)).toBe('((0+1)+2)');
  });
});

const STEPS = 12;

/** The state after training with each window in parts that are cut at these shards. */
async function trainedInParts(of: Problem, division: Division, cuts: readonly number[]): Promise<number[]> {
  const { config } = of;
  const parts = between(cuts);
  const model = new TensorModel(tensorBackend('tensorflow', trace), config, of.state);
  const size = config.batchSize * config.seqLength;
  await trainModel(
    {
      train: (inputs: Int32Array, targets: Int32Array, rates: Float32Array) => {
        rates.forEach((rate, i) => {
          const [x, y] = [inputs, targets].map((symbols) => tf.tensor2d(symbols.slice(i * size, (i + 1) * size), [config.seqLength, config.batchSize], 'int32')); // prettier-ignore
          const results = parts.map((part) => {
            const { before, streams } = streamsOf(part, division);
            const cut = (all: tf.Tensor2D) => tf.reshape(tf.slice(all, [0, before], [config.seqLength, streams]), [-1]);
            const hidden = tf.slice(model.state[2 * PARAMETER_COUNT] as tf.Tensor2D, [before, 0], [streams, config.hiddenSize]); // prettier-ignore
            const given = [...model.state.slice(0, PARAMETER_COUNT), hidden, cut(x), cut(y)];
            return model.functions.run(`${part.first}-${part.end}`, () => partialWindow(part, division), given);
          });
          const sums = results.flatMap((each) => each.slice(0, -1));
          const spans = parts.flatMap((part) => sumsOf(part, division));
          const hiddens = results.flatMap((each) => each.slice(-1));
          // As one that is sent the sum of all does it, and as one that is sent the others' sums.
          const isSummed = i % 2 === 0 && spans.length > 1;
          const total = isSummed ? model.functions.run('sum', () => windowSum(spans, division), sums) : sums;
          const joined = isSummed ? [{ first: 0, end: division.shards }] : spans;
          const make = () => joinedWindow(config, joined, division);
          model.advance(`join ${joined.length}`, make, [...total, tf.tensor1d([rate]), ...hiddens]);
        });
      },
      losses: () => model.losses(),
      resetHidden: () => model.resetHidden(),
    },
    of,
    STEPS,
    4,
  );
  const values = await valuesOf(model);
  model.dispose();
  return values;
}

async function valuesOf(model: TensorModel): Promise<number[]> {
  const { parameters, memories, hidden } = await model.read();
  return [...Object.values(parameters), ...Object.values(memories), hidden].flatMap((array) => [...array]);
}

const settings = { compile: true, threads: 2, size: { batchSize: 64, hiddenSize: 512 } };
await describeBackend('a window computed in parts', loadTensorflow, settings, () => {
  it.each([[[0, 1, 2]], [[0, 5]], [[0, 2, 5]], [[0, 1, 4, 5]], [[0, 1, 2, 3, 4, 5]]])(
    'with cuts at shards %j teaches to the bit what it teaches whole',
    async (cuts) => {
      const of = problem({ batchSize: 11 });
      const division = { config: of.config, shards: cuts[cuts.length - 1] };
      const whole = new TensorModel(tensorBackend('tensorflow', trace), of.config, of.state, division.shards);
      await trainModel(whole, of, STEPS, 4);
      expect(await trainedInParts(of, division, cuts)).toEqual(await valuesOf(whole));
      whole.dispose();
    },
  );
});
