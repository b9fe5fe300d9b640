import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opByOp } from '../../../src/model/tensor/compile.js';
import { tensorBackend } from '../../../src/backends/active-backend.js';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import { TensorModel } from '../../../src/model/tensor/tensor-model.js';
import { shardsOf } from '../../../src/model/tensor/shards.js';
import { describeBackend } from '../describe-backend.js';
import { problem, type Problem, trainModel } from '../problem.js';

describe('shards', () => {
  it('take all streams once, in order, and differ by one in size at most', () => {
    const batch = fc.integer({ min: 1, max: 300 }).chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size }))); // prettier-ignore
    fc.assert(
      fc.property(batch, ([batchSize, count]) => {
        const shards = shardsOf(batchSize, count);
        const streams = shards.flatMap((shard) =>
          Array.from({ length: shard.streams }, (_, i) => shard.firstStream + i),
        );
        expect(streams).toEqual([...Array(batchSize).keys()]);
        const sizes = shards.map((shard) => shard.streams);
        expect(sizes).toHaveLength(count);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

const STEPS = 100;

/** The losses and the state after training in so many shards. */
async function trained(of: Problem, shards: number, compile = trace): Promise<{ losses: number[]; values: number[] }> {
  const model = new TensorModel(tensorBackend('tensorflow', compile), of.config, of.state, shards);
  const losses = await trainModel(model, of, STEPS, 4);
  const { parameters, memories, hidden } = await model.read();
  model.dispose();
  const arrays = [...Object.values(parameters), ...Object.values(memories), hidden];
  return { losses, values: arrays.flatMap((array) => [...array]) };
}

/** |a - b| / |b|, of the lists as vectors: Adagrad's first steps enlarge the rounding of single values. */
function difference(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...b);
}

const settings = { compile: true, threads: 2, size: { batchSize: 64, hiddenSize: 512 } };
await describeBackend('a step cut into shards, two threads', loadTensorflow, settings, (runtime) => {
  it('is what the runtime says that it uses', () => {
    expect(runtime.description).toMatch(/one traced graph, 2 threads$/);
    const of = problem({ batchSize: 64, hiddenSize: 16 });
    expect(runtime.createModel(of.config, of.state)).toMatchObject({ shards: 2 });
    const single = problem();
    expect(runtime.createModel(single.config, single.state)).toMatchObject({ shards: 1 });
  });

  it.each([
    [8, 2],
    [7, 3],
    [5, 5],
  ])('learns what it learns whole, with %i streams in %i shards', async (batchSize, shards) => {
    const of = problem({ batchSize });
    const [whole, cut, slow] = [await trained(of, 1), await trained(of, shards), await trained(of, shards, opByOp)];
    expect(difference(whole.losses, cut.losses)).toBeLessThan(1e-5);
    expect(difference(whole.values, cut.values)).toBeLessThan(1e-5);
    expect(difference(cut.values, slow.values)).toBeLessThan(1e-5);
  });

  it('gives the same bytes on every run, whichever thread is first', async () => {
    const of = problem({ batchSize: 16, hiddenSize: 64 });
    const first = await trained(of, 2);
    for (let run = 0; run < 2; run++) expect(await trained(of, 2)).toEqual(first);
  });
});
