import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { ReferenceSamplingModel } from '../../src/model/reference/reference-sampling-model.js';
import type { SampleOptions } from '../../src/options/sample-options.js';
import { openSampler } from '../../src/run/sampling.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';

const vocabulary = new Vocabulary([0x0a, 0x61, 0x62, 0x63, 0x64, 0x65], 'utf-8');

/** The most probable continuation of symbols, each read once, from the checkpoint's first hidden state. */
function continuationOf(checkpoint: Checkpoint, symbols: readonly number[], length: number): number[] {
  const { parameters, hidden } = checkpoint.tensors;
  const size = { hiddenSize: checkpoint.options.hiddenSize, vocabularySize: vocabulary.size };
  const model = new ReferenceSamplingModel(size, parameters, hidden);
  const largest = (logits: Float32Array) => logits.indexOf(Math.max(...logits));
  const [last, ...before] = [...symbols].reverse();
  for (const symbol of before.reverse()) model.next(symbol);
  const found: number[] = [];
  for (let symbol = last; found.length < length; symbol = found[found.length - 1])
    found.push(largest(model.next(symbol)));
  return found;
}

async function generated(checkpoint: Checkpoint, given: SampleOptions): Promise<number[]> {
  return [...(await openSampler(checkpoint, { backend: 'pure', ...given })).symbols()];
}

describe('a sampler', () => {
  it('writes without end for a length of 0, on what it chooses itself', async () => {
    const symbols = (await openSampler(smallCheckpoint(vocabulary), { length: 0, seed: 1 })).symbols();
    for (let i = 0; i < 3000; i++) expect(symbols.next().done).toBe(false);
    symbols.return();
    expect([...(await openSampler(smallCheckpoint(vocabulary), { seed: 1 })).symbols()]).toHaveLength(1000);
  });

  it.each([['a'], ['ab'], ['edcba'], ['aabbccddeeaabbccddee']])(
    'reads each character of the prime %j once',
    async (prime) => {
      const checkpoint = smallCheckpoint(vocabulary);
      const expected = continuationOf(checkpoint, [...vocabulary.encode(prime)], 12);
      expect(await generated(checkpoint, { prime, length: 12, greedy: true })).toEqual(expected);
      // Reading the last one twice would show.
      const twice = [...vocabulary.encode(prime + prime.slice(-1))];
      expect(continuationOf(checkpoint, twice, 12)).not.toEqual(expected);
    },
  );

  it('without a prime begins as a line does', async () => {
    const checkpoint = smallCheckpoint(vocabulary);
    expect(await generated(checkpoint, { length: 9, greedy: true })).toEqual(continuationOf(checkpoint, [0], 9));
  });

  it('warns of a hidden state of zeros that a trained model was saved with', async () => {
    const checkpoint = smallCheckpoint(vocabulary);
    const zeros = { ...checkpoint.tensors, hidden: new Float32Array(checkpoint.tensors.hidden.length) };
    const warningOf = async (of: Checkpoint) => (await openSampler(of, { backend: 'pure' })).warning;
    expect(await warningOf(checkpoint)).toBeUndefined();
    expect(await warningOf({ ...checkpoint, tensors: zeros })).toMatch(/hidden state of zeros.*--resume$/);
    expect(await warningOf({ ...checkpoint, tensors: zeros, run: { ...checkpoint.run, step: 0 } })).toBeUndefined();
  });
});
