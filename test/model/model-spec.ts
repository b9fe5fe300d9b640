import { describe, expect, it } from 'vitest';
import type { Runtime, RuntimeLoader, RuntimeRequest } from '../../src/backends/runtime.js';
import { analyticGradients, compareGradients, gradientProblem } from '../../src/model/reference/gradient-check.js';
import { ReferenceSamplingModel } from '../../src/model/reference/reference-sampling-model.js';
import { PARAMETER_NAMES, perParameter } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { CHUNK, type SamplingModel } from '../../src/sampling/sampling-model.js';
import { generate, PLAIN_SAMPLING } from '../../src/sampling/sampler.js';
import { golden, goldenConfig, goldenParameters, goldenWindow, startsEpoch } from './reference/golden.js';
import { describeBackend } from './describe-backend.js';
import { describeState } from './state-spec.js';
import {
  arrayDifference,
  lossDifference,
  problem,
  referenceLogits,
  trainModel,
  trainReference,
  windows,
} from './problem.js';

/** Largest relative differences from float64 that pass. */
const TOLERANCE = { gradient: 1e-4, loss: 2e-5, firstLosses: 1e-4, state: 1e-4 };

/** All sizes differ within a row, so that a transposed axis cannot pass. */
const SIZES = [
  { batchSize: 1, seqLength: 6, hiddenSize: 7, vocabularySize: 5 },
  { batchSize: 4, seqLength: 5, hiddenSize: 9, vocabularySize: 11 },
  { batchSize: 1, seqLength: 1, hiddenSize: 4, vocabularySize: 3 },
  { batchSize: 2, seqLength: 1, hiddenSize: 5, vocabularySize: 4 },
];

/**
 * What every model must do, whatever computes it; see `describeBackend`. @param steps whose losses are compared, more than
 * the 99 of an epoch of four streams.
 */
export async function describeModel(
  name: string,
  load: RuntimeLoader,
  request: RuntimeRequest,
  steps = 300,
): Promise<void> {
  await describeBackend(`training with ${name}`, load, request, (runtime) => {
    describeGradients(runtime);
    describe.each([1, 4])('on B = %i streams', (batchSize) => describeLosses(runtime, batchSize, steps));
    describeLargeWeights(runtime);
    describeSamplingModel(runtime);
    describeState(runtime);
  });
}

function describeGradients(runtime: Runtime): void {
  it.each(SIZES)(
    'has the gradients of the float64 reference with B $batchSize, T $seqLength, H $hiddenSize, V $vocabularySize',
    async (sizes) => {
      const checked = gradientProblem(sizes, new Random(5));
      const model = runtime.createModel(checked.config, {
        parameters: perParameter((name) => Float32Array.from(checked.parameters[name])),
        memories: perParameter((name) => new Float32Array(checked.parameters[name].length)),
        hidden: Float32Array.from(checked.hidden),
      });
      const { gradients } = await model.gradients(checked.inputs, checked.targets);
      model.dispose();
      for (const difference of compareGradients(checked.config, analyticGradients(checked), gradients)) {
        expect(difference.relativeError, JSON.stringify(difference)).toBeLessThan(TOLERANCE.gradient);
      }
    },
  );

  it('has the golden gradients of NumPy in the first step, and the golden losses', async () => {
    const parameters = perParameter((name) => Float32Array.from(goldenParameters()[name]));
    const memories = perParameter((name) => new Float32Array(parameters[name].length));
    const hidden = new Float32Array(golden.hiddenSize);
    const model = runtime.createModel(goldenConfig, { parameters, memories, hidden });
    const first = goldenWindow(0);
    const { gradients } = await model.gradients(first.inputs, first.targets);
    golden.losses.forEach((_, step) => {
      if (startsEpoch(step)) model.resetHidden();
      const { inputs, targets } = goldenWindow(step);
      model.train(inputs, targets, Float32Array.of(golden.learningRate));
    });
    expect(lossDifference(golden.losses, [...(await model.losses())])).toBeLessThan(TOLERANCE.loss);
    model.dispose();
    for (const difference of compareGradients(goldenConfig, golden.gradients, gradients)) {
      expect(difference.relativeError, JSON.stringify(difference)).toBeLessThan(TOLERANCE.gradient);
    }
  });
}

function describeLosses(runtime: Runtime, batchSize: number, most: number): void {
  const slow = problem({ batchSize, rate: (step) => 0.01 * (1 - step / 1000) });
  const { losses: expected } = trainReference(slow, most);

  it.each([
    [most, 1],
    [0.4 * most, 4],
    [0.4 * most, 10],
  ])('has the losses of the float64 reference over %i steps, %i windows a call', async (steps, count) => {
    const model = runtime.createModel(slow.config, slow.state);
    const losses = await trainModel(model, slow, steps, count);
    expect(lossDifference(expected.slice(0, steps), losses)).toBeLessThan(TOLERANCE.loss);
    model.dispose();
  });

  it('has its first losses at learning rate 0.1, before rounding grows into chaos', async () => {
    const fast = problem({ batchSize, rate: 0.1 });
    const model = runtime.createModel(fast.config, fast.state);
    const losses = await trainModel(model, fast, 4);
    expect(lossDifference(trainReference(fast, 4).losses, losses)).toBeLessThan(TOLERANCE.firstLosses);
    model.dispose();
  });

  it.each([
    [0, 1],
    [0.5, 1],
    [0.5, 2],
  ])(
    'comes to the state of the float64 reference with weight decay %d, %i windows a call',
    async (weightDecay, count) => {
      // Rates of the steps' sizes: each window has its own share to take away.
      const small = problem({ batchSize, init: 'scaled', weightDecay, rate: (step) => 0.01 * (1 + step) });
      const model = runtime.createModel(small.config, small.state);
      await trainModel(model, small, 4, count);
      const { parameters, memories, hidden } = await model.read();
      const { rnn } = trainReference(small, 4);
      expect(arrayDifference(rnn.hiddens.subarray(0, hidden.length), hidden)).toBeLessThan(TOLERANCE.state);
      for (const name of PARAMETER_NAMES) {
        expect(arrayDifference(rnn.parameters[name], parameters[name]), name).toBeLessThan(TOLERANCE.state);
        expect(arrayDifference(rnn.memories[name], memories[name]), `m${name}`).toBeLessThan(TOLERANCE.state);
      }
      model.dispose();
    },
  );
}

function describeLargeWeights(runtime: Runtime): void {
  it.each([0, 5])('clips gradients element by element where they are large (gradClip %i)', async (gradClip) => {
    const large = problem({ gradClip, batchSize: 2, seqLength: 20, whyScale: 200 });
    const model = runtime.createModel(large.config, large.state);
    const losses = await trainModel(model, large, 5);
    const { memories } = await model.read();
    model.dispose();
    const { rnn, losses: expected } = trainReference(large, 5);
    expect(lossDifference(expected, losses)).toBeLessThan(TOLERANCE.loss);
    for (const name of PARAMETER_NAMES) {
      expect(arrayDifference(rnn.memories[name], memories[name]), name).toBeLessThan(TOLERANCE.state);
    }
    const largest = Math.max(...Object.values(memories).map((values) => Math.max(...values)));
    if (gradClip === 0) expect(largest).toBeGreaterThan(2 * 5 * 5 ** 2);
    else expect(largest).toBeLessThanOrEqual(5 * gradClip ** 2);
  });

  it('has a finite loss and right gradients where a probability vanishes in float32', async () => {
    const certain = problem({ hiddenSize: 5, seqLength: 4 });
    certain.state.parameters.by.fill(-300, 1);
    const { inputs, targets } = windows(certain, 0);
    const model = runtime.createModel(certain.config, certain.state);
    const { loss, gradients } = await model.gradients(inputs, targets);
    model.dispose();
    const { rnn } = trainReference(certain, 1);
    expect(loss).toBeGreaterThan(80 * certain.config.seqLength);
    expect(loss).toBeLessThanOrEqual(1.0001 * rnn.loss);
    for (const { name, relativeError } of compareGradients(certain.config, rnn.gradients, gradients)) {
      expect(relativeError, name).toBeLessThan(TOLERANCE.gradient);
    }
  });
}

function describeSamplingModel(runtime: Runtime): void {
  const { config, state } = problem({ init: 'scaled' });
  const hidden = Float32Array.from({ length: config.hiddenSize }, (_, i) => Math.sin(i));

  it('reads one symbol after another with the logits of the float64 reference', () => {
    const model = runtime.createSamplingModel(config, state.parameters, hidden);
    const symbols = [7, 0, 7, 59, 3];
    const logits = symbols.map((symbol) => model.next(symbol).slice());
    model.dispose();
    referenceLogits(config, { ...state, hidden }, symbols).forEach((expected, i) => {
      expect(arrayDifference(expected, logits[i]), `after symbol ${i}`).toBeLessThan(1e-5);
    });
  });

  it.each([0, 5])('generates the text of the pure version from the same draws (top-k %i)', (topK) => {
    const text = (model: SamplingModel) => {
      model.next(3);
      return [...generate(model, 7, 2 * CHUNK + 9, { ...PLAIN_SAMPLING, topK }, new Random(2))];
    };
    const model = runtime.createSamplingModel(config, state.parameters, hidden);
    expect(text(model)).toEqual(text(new ReferenceSamplingModel(config, state.parameters, hidden)));
    model.dispose();
  });
}
