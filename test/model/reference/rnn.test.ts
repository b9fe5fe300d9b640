import { expect, it } from 'vitest';
import { PARAMETER_NAMES } from '../../../src/model/parameters.js';
import { arrayDifference, problem, trainReference } from '../problem.js';

it('takes the learning rate times the weight decay of Whh and Why away in an update, and of nothing else', () => {
  const rate = 0.125; // As exact in float32, in which rates are handed over.
  const [plain, decayed] = [0, 0.5].map((weightDecay) => problem({ rate, weightDecay, init: 'scaled' }));
  const [without, shrunk] = [plain, decayed].map((each) => trainReference(each, 1).rnn);
  for (const name of PARAMETER_NAMES) {
    const before = plain.state.parameters[name];
    const share = name === 'Whh' || name === 'Why' ? rate * 0.5 : 0;
    const expected = without.parameters[name].map((value, i) => value - share * before[i]);
    expect(arrayDifference(expected, shrunk.parameters[name]), name).toBeLessThan(1e-12);
    expect(shrunk.memories[name], name).toEqual(without.memories[name]);
  }
});
