import type { TrainableModel } from '../../src/model/trainable-model.js';
import { Random } from '../../src/sampling/random.js';
import { CHUNK } from '../../src/sampling/sampling-model.js';
import { PLAIN_SAMPLING, textDraws } from '../../src/sampling/sampler.js';
import { float64Reference, problem, windows } from './problem.js';
import type { TrainingState } from '../../src/model/parameters.js';

/** A problem for tests of what a model keeps: small, with three streams. */
export const small = problem({ batchSize: 3, seqLength: 5, hiddenSize: 12, init: 'scaled' });
export const { hiddenSize: H, vocabularySize: V } = small.config;

/** Draws for a text of several chunks and a part of one. */
export const DRAWS = textDraws(new Random(6), 2 * CHUNK + 9, PLAIN_SAMPLING);

/**
 * An evaluation over E = 2 streams in windows of T = 7, unlike those of training, each from a state of its own; some
 * predictions do not count.
 */
const EVALUATION = problem({ batchSize: 2, seqLength: 7, hiddenSize: H });
const WEIGHTS = Float32Array.from({ length: 14 }, (_, i) => (i % 5 === 0 ? 0 : 1));

/** Nats of each stream that a model gives for it, and the hidden states at its end. */
export async function evaluate(model: TrainableModel): Promise<{ totals: number[]; hidden: number[] }> {
  const evaluator = model.evaluator((await model.readHidden()).subarray(0, 2 * H), 7);
  for (const step of [0, 1, 2]) {
    const { inputs, targets } = windows(EVALUATION, step);
    const weights = WEIGHTS.slice();
    evaluator.add(inputs, targets, weights);
    for (const buffer of [inputs, targets, weights]) buffer.fill(0);
  }
  const [totals, hidden] = [[...(await evaluator.totals())], [...(await evaluator.hidden())]];
  evaluator.dispose();
  return { totals, hidden };
}

/** What the float64 reference gives for it. */
export function expectedEvaluation(state: TrainingState): { totals: number[]; hidden: number[] } {
  const rnn = float64Reference(EVALUATION.config, { ...state, hidden: state.hidden.subarray(0, 2 * H) });
  const totals = [0, 0];
  for (const step of [0, 1, 2]) {
    const { inputs, targets } = windows(EVALUATION, step);
    rnn.forward(inputs, targets);
    rnn.rowLosses.forEach((loss, row) => (totals[row % 2] += loss * WEIGHTS[row]));
    rnn.advance();
  }
  return { totals, hidden: [...rnn.hiddens.subarray(0, 2 * H)] };
}
