import { describe, expect, it } from 'vitest';
import type { Runtime } from '../../src/backends/runtime.js';
import type { TrainableModel, WindowDraws } from '../../src/model/trainable-model.js';
import { PARAMETER_NAMES, perParameter, type TrainingState } from '../../src/model/parameters.js';
import { ReferenceSamplingModel } from '../../src/model/reference/reference-sampling-model.js';
import { generateUntil } from '../../src/sampling/generate-until.js';
import { PLAIN_SAMPLING } from '../../src/sampling/sampler.js';
import { describeMemory } from './memory-spec.js';
import { arrayDifference, float64Reference, lossDifference, trainModel, trainReference, windows } from './problem.js';
import { evaluate, expectedEvaluation, H, DRAWS, small } from './small-problem.js';

/** What every model must keep, carry on, copy and give back. */
export function describeState(runtime: Runtime): void {
  const create = () => runtime.createModel(small.config, structuredClone(small.state));
  describe('as to its state', () => {
    describeHidden(create);
    describeReaders(create);
    describeCopies(runtime);
    if (runtime.backend !== 'pure') describeMemory(runtime, create);
  });
}

function describeHidden(create: () => TrainableModel): void {
  it('carries the hidden state on until it is reset to zeros, and resets nothing else', async () => {
    const model = create();
    await trainModel(model, small, 3);
    const before = await model.read();
    expect(before.hidden.every((value) => value !== 0)).toBe(true);
    model.resetHidden();
    const after = await model.read();
    expect(after).toEqual({ ...before, hidden: new Float32Array(3 * H) });
    const { inputs, targets, rates } = windows(small, 3);
    model.train(inputs, targets, rates);
    const { rnn } = trainReference(small, 3);
    rnn.hiddens.fill(0);
    rnn.forward(inputs, targets);
    expect(lossDifference([rnn.loss], [...(await model.losses())])).toBeLessThan(1e-5);
    model.dispose();
  });

  describe.each([['kept'], ['units'], ['kept', 'units']])('with %s %s drawn', (...drawn) => {
    it.each([1, 4])(
      'changes single windows by the draws, as the float64 reference does, %i windows a call',
      async (count) => {
        const model = create();
        for (let step = 0; step < WINDOWS; step += count) {
          const { inputs, targets, rates } = windows(small, step, count);
          model.train(inputs, targets, rates, drawsOf(drawn, step, count));
        }
        const { rnn, losses } = trainDrawn(drawn);
        expect(lossDifference(losses, [...(await model.losses())])).toBeLessThan(1e-5);
        const { parameters, memories, hidden } = await model.read();
        expect(arrayDifference(rnn.hiddens.subarray(0, 3 * H), hidden)).toBeLessThan(1e-4);
        for (const name of PARAMETER_NAMES) {
          expect(arrayDifference(rnn.parameters[name], parameters[name]), name).toBeLessThan(1e-4);
          expect(arrayDifference(rnn.memories[name], memories[name]), `m${name}`).toBeLessThan(1e-4);
        }
        model.dispose();
      },
    );
  });

  it('learns the same to the bit where the draws change nothing as where there are none', async () => {
    const [silent, drawn] = [create(), create()];
    const { inputs, targets, rates } = windows(small, 0, 4);
    const ones = (size: number) => new Float32Array(4 * size).fill(1);
    silent.train(inputs, targets, rates);
    drawn.train(inputs, targets, rates, { kept: ones(3), units: ones(H) });
    expect(await drawn.losses()).toEqual(await silent.losses());
    expect(await drawn.read()).toEqual(await silent.read());
    silent.dispose();
    drawn.dispose();
  });

  it('gives each loss once, in order', async () => {
    const model = create();
    expect(await model.losses()).toEqual(new Float32Array(0));
    const first = await trainModel(model, small, 5, 2);
    expect(first).toHaveLength(5);
    expect(lossDifference(trainReference(small, 5).losses, first)).toBeLessThan(1e-5);
    expect(await model.losses()).toEqual(new Float32Array(0));
    model.dispose();
  });
}

/** Windows of the runs that chance changes. */
const WINDOWS = 8;

/** Each stream is reset once at least, also in the first window of a call; in some windows nothing is. */
const KEPT = [...'111 011 111 101 110 000 111 011'.replaceAll(' ', '')].map(Number);

/** Each unit is dropped in some windows, each window drops others; one window drops none, one all but one. */
const UNITS = Array.from({ length: WINDOWS * H }, (_, i) => {
  const [window, unit] = [Math.floor(i / H), i % H];
  return window === 2 || (window === 5 ? unit === 4 : (3 * unit + window) % 5 > 0) ? 1.25 : 0;
});

/** The draws of so many windows from `step` on. */
function drawsOf(drawn: readonly string[], step: number, count: number): WindowDraws {
  const part = (values: readonly number[], size: number) =>
    Float32Array.from(values.slice(size * step, size * (step + count)));
  return {
    kept: drawn.includes('kept') ? part(KEPT, 3) : undefined,
    units: drawn.includes('units') ? part(UNITS, H) : undefined,
  };
}

/** What the float64 reference comes to with these draws. */
function trainDrawn(drawn: readonly string[]) {
  const rnn = float64Reference(small.config, small.state);
  const losses = Array.from({ length: WINDOWS }, (_, step) => {
    const { kept, units } = drawsOf(drawn, step, 1);
    kept?.forEach((value, b) => (value === 0 ? rnn.hiddens.fill(0, b * H, (b + 1) * H) : rnn));
    const { inputs, targets, rates } = windows(small, step);
    rnn.forward(inputs, targets, units);
    rnn.backward(inputs, targets, units);
    rnn.update(rates[0]);
    return rnn.loss;
  });
  return { rnn, losses };
}

function describeReaders(create: () => TrainableModel): void {
  const reads: Record<string, (model: TrainableModel) => Promise<unknown>> = {
    gradients: (model) => model.gradients(windows(small, 9).inputs, windows(small, 9).targets),
    evaluator: (model) => evaluate(model),
    generate: (model) => model.generate(3, DRAWS, PLAIN_SAMPLING),
    readModel: (model) => model.readModel(),
    read: (model) => model.read(),
  };

  it.each(Object.keys(reads))('%s leaves the training state as it was, bit for bit', async (name) => {
    const [disturbed, undisturbed] = [create(), create()];
    await Promise.all([disturbed, undisturbed].map((model) => trainModel(model, small, 3)));
    await reads[name](disturbed);
    expect(await disturbed.read()).toEqual(await undisturbed.read());
    const next = windows(small, 3);
    for (const model of [disturbed, undisturbed]) model.train(next.inputs, next.targets, next.rates);
    await reads[name](disturbed);
    expect(await disturbed.losses()).toEqual(await undisturbed.losses());
    expect(await disturbed.read()).toEqual(await undisturbed.read());
    disturbed.dispose();
    undisturbed.dispose();
  });

  it('generates text from the hidden state of the first stream', async () => {
    const model = create();
    await trainModel(model, small, 3);
    const { parameters, hidden } = await model.read();
    const host = new ReferenceSamplingModel(small.config, parameters, hidden.subarray(0, H));
    expect(await model.generate(3, DRAWS, PLAIN_SAMPLING)).toEqual(
      await generateUntil(undefined, host, 3, DRAWS, PLAIN_SAMPLING),
    );
    model.dispose();
  });

  it('reads the model alone as it reads all', async () => {
    const model = create();
    await trainModel(model, small, 2);
    const { parameters, hidden } = await model.read();
    expect(await model.readModel()).toEqual({ parameters, hidden });
    model.dispose();
  });

  it('evaluates windows with the hidden state carried on and padding left out', async () => {
    const model = create();
    await trainModel(model, small, 3);
    const state = await model.read();
    const [expected, { totals, hidden }] = [expectedEvaluation(state), await evaluate(model)];
    expect(lossDifference(expected.totals, totals)).toBeLessThan(1e-5);
    expect(arrayDifference(expected.hidden, hidden)).toBeLessThan(1e-5);
    model.dispose();
  });
}

function describeCopies(runtime: Runtime): void {
  // TensorFlow keeps reading an array that begins at a multiple of 64 bytes, and copies others.
  it.each([0, 16, 32, 48])(
    'has read its arguments when a call returns: they may be filled again (%i)',
    async (offset) => {
      const state = structuredClone(small.state);
      state.parameters = perParameter((name) => moved(state.parameters[name], offset));
      state.memories = perParameter((name) => moved(state.memories[name], offset));
      state.hidden = moved(state.hidden, offset);
      const [steady, hasty] = [small.state, state].map((start) => runtime.createModel(small.config, start));
      for (const values of allArrays(state)) values.fill(0.5);
      const expected = await trainModel(steady, small, 12, 4);
      for (const step of [0, 4, 8]) trainThenOverwrite(hasty, step, offset);
      expect([...(await hasty.losses())]).toEqual(expected);
      expect(await hasty.read()).toEqual(await steady.read());
      hasty.dispose();
      steady.dispose();
    },
  );

  it('gives copies: what a caller writes into them changes nothing', async () => {
    const model = runtime.createModel(small.config, small.state);
    await trainModel(model, small, 2);
    const expected = structuredClone(await model.read());
    for (const values of allArrays(await model.read())) values.fill(7);
    const { inputs, targets } = windows(small, 2);
    const { gradients } = await model.gradients(inputs, targets);
    const kept = structuredClone(gradients);
    await model.gradients(targets, inputs);
    expect(gradients).toEqual(kept);
    expect(await model.read()).toEqual(expected);
    model.dispose();
  });
}

function trainThenOverwrite(model: TrainableModel, step: number, offset: number): void {
  const { inputs, targets, rates } = windows(small, step, 4);
  const ones = (size: number) => moved(new Float32Array(4 * size).fill(1), offset);
  const draws = { kept: ones(3), units: ones(H) };
  const buffers = [moved(inputs, offset), moved(targets, offset), moved(rates, offset)] as const;
  model.train(...buffers, draws);
  for (const buffer of [...buffers, draws.kept, draws.units]) buffer.fill(0);
}

/** A copy that begins so many bytes into its memory. */
function moved<Values extends Float32Array | Int32Array>(values: Values, offset: number): Values {
  const Values = values.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => Values;
  const copy = new Values(new ArrayBuffer(offset + values.byteLength), offset, values.length);
  copy.set(values);
  return copy;
}

function allArrays({ parameters, memories, hidden }: TrainingState): Float32Array[] {
  return [...Object.values(parameters), ...Object.values(memories), hidden];
}
