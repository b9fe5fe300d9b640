import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareGradients } from '../../../src/model/reference/gradient-check.js';
import { PARAMETER_NAMES, perParameter } from '../../../src/model/parameters.js';
import { ReferenceRnn } from '../../../src/model/reference/rnn.js';
import { pythonWith, whyNoPython } from '../../python-venv.js';
import { golden, goldenConfig, goldenJson, goldenParameters, goldenWindow, startsEpoch } from './golden.js';

const packages = ['numpy'];
const python = pythonWith(packages);
const skipped = python === undefined ? ` (skipped: ${whyNoPython(packages)})` : '';
const script = fileURLToPath(new URL('../../../scripts/make-golden.py', import.meta.url));

describe('the golden values', () => {
  it.skipIf(python === undefined)(`are what NumPy gives, byte for byte${skipped}`, () => {
    expect(execFileSync(python ?? '', [script], { encoding: 'utf8' })).toBe(goldenJson);
  });

  it('are of a run that passes the end of the text several times and whose gradients are clipped', () => {
    expect(golden.losses.filter((_, step) => startsEpoch(step)).length).toBeGreaterThan(3);
    const largest = PARAMETER_NAMES.map((name) => Math.max(...golden.gradients[name].map(Math.abs)));
    expect(Math.max(...largest)).toBeGreaterThan(golden.gradClip);
  });
});

describe('the reference in float64', () => {
  it.each(PARAMETER_NAMES)('has the golden gradient of %s in the first step', (name) => {
    const rnn = goldenRnn();
    const { inputs, targets } = goldenWindow(0);
    rnn.forward(inputs, targets);
    rnn.backward(inputs, targets);
    const differences = compareGradients(goldenConfig, golden.gradients, rnn.gradients);
    const worst = differences.find((difference) => difference.name === name);
    expect(worst?.relativeError, JSON.stringify(worst)).toBeLessThan(1e-10);
  });

  it('has the golden loss in every step', () => {
    const rnn = goldenRnn();
    golden.losses.forEach((expected, step) => {
      if (startsEpoch(step)) rnn.hiddens.fill(0);
      const { inputs, targets } = goldenWindow(step);
      rnn.forward(inputs, targets);
      rnn.backward(inputs, targets);
      rnn.update(golden.learningRate);
      expect(Math.abs(rnn.loss / expected - 1), `step ${step}`).toBeLessThan(1e-10);
    });
  });
});

/** The float32 version and every other model are held against the golden values in `test/backends/`. */
function goldenRnn(): ReferenceRnn {
  const parameters = goldenParameters();
  const memories = perParameter((name) => new Float64Array(parameters[name].length));
  return new ReferenceRnn(goldenConfig, parameters, memories, [], Float64Array);
}
