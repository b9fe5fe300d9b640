import { describe, expect, it } from 'vitest';
import { ReferenceSamplingModel } from '../../../src/model/reference/reference-sampling-model.js';
import { initialState } from '../../../src/model/parameters.js';
import { Random } from '../../../src/sampling/random.js';
import { arrayDifference, referenceLogits } from '../problem.js';

describe('the model on the host', () => {
  const size = { hiddenSize: 6, vocabularySize: 9 };
  const { parameters, memories } = initialState(size, 1, 'scaled', new Random(8));
  parameters.bh = Float32Array.from(parameters.bh, (_, i) => Math.sin(i));
  parameters.by = Float32Array.from(parameters.by, (_, i) => Math.cos(i));
  const hidden = Float32Array.of(0.5, -0.4, 0.3, -0.2, 0.1, 0.9);

  it('has the logits of the reference from any hidden state, which it copies', () => {
    const given = hidden.slice();
    const model = new ReferenceSamplingModel(size, parameters, given);
    given.fill(0);
    const symbols = [4, 0, 8, 4, 4];
    const expected = referenceLogits(size, { parameters, memories, hidden }, symbols);
    symbols.forEach((symbol, i) => expect(arrayDifference(expected[i], model.next(symbol))).toBeLessThan(1e-6));
  });

  it('has its sizes, and its hidden state as a copy', () => {
    const model = new ReferenceSamplingModel(size, parameters, hidden);
    expect(model.vocabularySize).toBe(9);
    model.hidden.fill(0);
    expect(model.hidden).toEqual(hidden);
  });

  it('starts from the first stream of a batch', () => {
    const batch = Float32Array.of(...hidden, 1, 2, 3, 4, 5, 6);
    const [alone, first] = [hidden, batch].map((state) => new ReferenceSamplingModel(size, parameters, state).next(3));
    expect(first).toEqual(alone);
  });
});
