import { readFileSync } from 'node:fs';
import type { Model, TrainOptions } from '../../src/index.js';
import { decodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { builtInCorpus } from '../../src/corpus/corpus.js';

/** A text for small models. */
export const TEXT = readFileSync(builtInCorpus(), 'utf8').slice(0, 3000);

/** A run of a moment, in which everything is due, and not all of it at the same steps. */
export const SMALL: TrainOptions = {
  hiddenSize: 8,
  seqLength: 10,
  batchSize: 2,
  reportEvery: 10,
  sampleEvery: 15,
  sampleLength: 20,
  evalEvery: 20,
  validationFraction: 0.2,
  steps: 60,
  backend: 'pure',
};

/** Everything that a model holds, but for the clock and for how the text was called. */
export function stateOf(model: Model): object {
  const { run, corpus, ...others } = decodeCheckpoint(model.toBytes(), 'a model');
  return { ...others, run: { ...run, elapsedSeconds: 0 }, corpus: { ...corpus, name: '' } };
}
