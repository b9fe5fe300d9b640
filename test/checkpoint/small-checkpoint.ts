import type { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { initialState, perParameter } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { DEFAULTS } from '../../src/options/train-options.js';

/** A checkpoint of a small run, with something other than zero in every place. All sizes differ: H 3, V 4, B 2. */
export function smallCheckpoint(vocabulary = new Vocabulary([0x0a, 0x61, 0xe4, 0x1f600], 'utf-8')): Checkpoint {
  const random = new Random(7);
  const state = initialState({ hiddenSize: 3, vocabularySize: vocabulary.size }, 2, 'scaled', random);
  const drawn = (values: Float32Array) => random.normals(values.length, 1);
  const point = { step: 40, natsPerChar: 1.25 };
  return {
    options: {
      ...DEFAULTS,
      ...{ hiddenSize: 3, seqLength: 5, batchSize: 2, seed: 9, learningRateDecay: 'linear', gradClip: 0.5 },
      ...{ init: 'scaled', validationFraction: 0.125, evalEvery: 20, patience: 4, temperature: 0.7 },
      ...{ steps: 100, epochs: 2.5, minutes: 0.75, encoding: vocabulary.encoding },
    },
    vocabulary,
    corpus: { name: 'a "text".txt', hash: 'ab'.repeat(32), symbols: 1000, position: 35 },
    run: {
      step: 47,
      smoothLoss: 6.123456789012345,
      elapsedSeconds: 1.5,
      random: random.state,
      training: [point, { step: 45, natsPerChar: 1.2 }],
      validation: [point],
      best: point,
      validationsSinceBest: 3,
      pretrained: true,
    },
    tensors: {
      parameters: perParameter((name) => drawn(state.parameters[name])),
      memories: perParameter((name) => drawn(state.memories[name]).map(Math.abs)),
      hidden: drawn(state.hidden),
    },
  };
}
