import { describe, expect, it } from 'vitest';
import {
  analyticGradients,
  compareGradients,
  gradientProblem,
  numericalGradients,
} from '../../../src/model/reference/gradient-check.js';
import { PARAMETER_NAMES, perParameter } from '../../../src/model/parameters.js';
import { Random } from '../../../src/sampling/random.js';

/** All sizes differ within a row, so that a transposed axis cannot pass. */
const SIZES = [
  { batchSize: 1, seqLength: 6, hiddenSize: 7, vocabularySize: 5 },
  { batchSize: 3, seqLength: 4, hiddenSize: 5, vocabularySize: 8 },
  { batchSize: 1, seqLength: 2, hiddenSize: 9, vocabularySize: 13 },
  { batchSize: 1, seqLength: 1, hiddenSize: 4, vocabularySize: 3 },
  { batchSize: 2, seqLength: 1, hiddenSize: 5, vocabularySize: 4 },
];

describe.each(SIZES)(
  'the reference with B $batchSize, T $seqLength, H $hiddenSize, V $vocabularySize in float64',
  (sizes) => {
    const problem = gradientProblem(sizes, new Random(7));
    const analytic = analyticGradients(problem);

    it.each(PARAMETER_NAMES)('has the gradient of %s that differences of the loss give', (name) => {
      const differences = compareGradients(problem.config, numericalGradients(problem), analytic);
      const worst = differences.find((difference) => difference.name === name);
      expect(worst?.relativeError, JSON.stringify(worst)).toBeLessThan(1e-5);
    });

    it('has no gradient that is zero throughout, which would agree with anything', () => {
      for (const name of PARAMETER_NAMES) expect(Math.max(...analytic[name].map(Math.abs)), name).toBeGreaterThan(0.01);
    });
  },
);

describe('the reference in float64 where units are dropped', () => {
  const sizes = { batchSize: 2, seqLength: 4, hiddenSize: 5, vocabularySize: 8 };
  const problem = { ...gradientProblem(sizes, new Random(7)), units: Float64Array.of(1.25, 0, 1.25, 1.25, 0) };
  const analytic = analyticGradients(problem);

  it('has the gradients that differences of the loss give', () => {
    for (const difference of compareGradients(problem.config, numericalGradients(problem), analytic)) {
      expect(difference.relativeError, JSON.stringify(difference)).toBeLessThan(1e-5);
    }
  });

  it('has none for the weights of a dropped unit to the next time step, and some for all others', () => {
    analytic.Whh.forEach((value, i) => expect(value !== 0, `Whh ${i}`).toBe(problem.units[i % 5] !== 0));
  });

  it('leaves the weights themselves as they are', () => {
    expect(problem.parameters).toEqual(gradientProblem(sizes, new Random(7)).parameters);
  });
});

describe('the comparison of gradients', () => {
  const problem = gradientProblem({ batchSize: 2, seqLength: 3, hiddenSize: 4, vocabularySize: 6 }, new Random(1));
  const right = analyticGradients(problem);

  it('finds nothing between equal gradients', () => {
    const errors = compareGradients(problem.config, right, right).map(({ relativeError }) => relativeError);
    expect(errors).toEqual([0, 0, 0, 0, 0]);
  });

  it('says where the one wrong value is', () => {
    const wrong = { ...right, Wxh: right.Wxh.slice() };
    wrong.Wxh[2 * 6 + 3] += 1;
    const [found] = compareGradients(problem.config, right, wrong);
    expect(found).toMatchObject({ name: 'Wxh', index: [2, 3], expected: right.Wxh[15], actual: wrong.Wxh[15] });
    expect(found.relativeError).toBeGreaterThan(0.1);
  });

  it('lets neither zeros nor NaN pass as small gradients', () => {
    const zeros = compareGradients(
      problem.config,
      right,
      perParameter((name) => new Float64Array(right[name].length)),
    );
    expect(zeros.map(({ relativeError }) => relativeError)).toEqual([1, 1, 1, 1, 1]);
    const poisoned = compareGradients(problem.config, right, { ...right, by: right.by.map(() => NaN) });
    expect(poisoned[4].relativeError).toBe(Infinity);
  });
});
