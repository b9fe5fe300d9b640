import type { TrainableModel } from '../../src/model/trainable-model.js';
import { Random } from '../../src/sampling/random.js';
import { CHUNK } from '../../src/sampling/sampling-model.js';
import { gumbelNoise, PLAIN_SAMPLING } from '../../src/sampling/sampler.js';
import { float64Reference, problem, windows } from './problem.js';
import type { TrainingState } from '../../src/model/parameters.js';

/** A problem for tests of what a model keeps: small, with three streams. */
export const small = problem({ batchSize: 3, seqLength: 5, hiddenSize: 12, init: 'scaled' });
export const { hiddenSize: H, vocabularySize: V } = small.config;

/** Draws for a text of several chunks and a part of one. */
export const NOISE = gumbelNoise(new Random(6), 2 * CHUNK + 9, V, PLAIN_SAMPLING);

/** An evaluation over E = 2 streams in windows of T = 7, unlike those of training; some predictions do not count. */
const EVALUATION = problem({ batchSize: 2, seqLength: 7, hiddenSize: H });
const WEIGHTS = Float32Array.from({ length: 14 }, (_, i) => (i % 5 === 0 ? 0 : 1));

/** Nats that a model gives for it. */
export async function evaluate(model: TrainableModel): Promise<number> {
  const evaluator = model.evaluator(2, 7);
  for (const step of [0, 1, 2]) {
    const { inputs, targets } = windows(EVALUATION, step);
    const weights = WEIGHTS.slice();
    evaluator.add(inputs, targets, weights);
    for (const buffer of [inputs, targets, weights]) buffer.fill(0);
  }
  const total = await evaluator.total();
  evaluator.dispose();
  return total;
}

/** Nats that the float64 reference gives for it. */
export function expectedEvaluation(state: TrainingState): number {
  const first = [...state.hidden.subarray(0, H)];
  const rnn = float64Reference(EVALUATION.config, { ...state, hidden: Float32Array.from([...first, ...first]) });
  return [0, 1, 2].reduce((total, step) => {
    const { inputs, targets } = windows(EVALUATION, step);
    rnn.forward(inputs, targets);
    rnn.advance();
    return Array.from(rnn.rowLosses).reduce((sum, loss, row) => sum + loss * WEIGHTS[row], total);
  }, 0);
}
