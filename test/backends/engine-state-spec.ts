import { describe, expect, it } from 'vitest';
import type { Runtime } from '../../src/backends/runtime.js';
import type { Engine } from '../../src/engine.js';
import { perParameter, type TrainingState } from '../../src/parameters.js';
import { HostModel } from '../../src/host-model.js';
import { generateWithNoise, PLAIN_SAMPLING } from '../../src/sampler.js';
import { describeMemory } from './engine-memory-spec.js';
import { lossDifference, trainEngine, trainReference, windows } from './problem.js';
import { evaluate, expectedEvaluation, H, NOISE, small } from './small-problem.js';

/** What every engine must keep, carry on, copy and give back. */
export function describeState(runtime: Runtime): void {
  const create = () => runtime.createEngine(small.config, structuredClone(small.state));
  describe('as to its state', () => {
    describeHidden(create);
    describeReaders(create);
    describeCopies(runtime);
    if (runtime.backend !== 'pure') describeMemory(runtime, create);
  });
}

function describeHidden(create: () => Engine): void {
  it('carries the hidden state on until it is reset to zeros, and resets nothing else', async () => {
    const engine = create();
    await trainEngine(engine, small, 3);
    const before = await engine.read();
    expect(before.hidden.every((value) => value !== 0)).toBe(true);
    engine.resetHidden();
    const after = await engine.read();
    expect(after).toEqual({ ...before, hidden: new Float32Array(3 * H) });
    const { inputs, targets, rates } = windows(small, 3);
    engine.train(inputs, targets, rates);
    const { rnn } = trainReference(small, 3);
    rnn.hiddens.fill(0);
    rnn.forward(inputs, targets);
    expect(lossDifference([rnn.loss], [...(await engine.losses())])).toBeLessThan(1e-5);
    engine.dispose();
  });

  it('gives each loss once, in order', async () => {
    const engine = create();
    expect(await engine.losses()).toEqual(new Float32Array(0));
    const first = await trainEngine(engine, small, 5, 2);
    expect(first).toHaveLength(5);
    expect(lossDifference(trainReference(small, 5).losses, first)).toBeLessThan(1e-5);
    expect(await engine.losses()).toEqual(new Float32Array(0));
    engine.dispose();
  });
}

function describeReaders(create: () => Engine): void {
  const reads: Record<string, (engine: Engine) => Promise<unknown>> = {
    gradients: (engine) => engine.gradients(windows(small, 9).inputs, windows(small, 9).targets),
    evaluator: (engine) => evaluate(engine),
    generate: (engine) => engine.generate(3, NOISE),
    readModel: (engine) => engine.readModel(),
    read: (engine) => engine.read(),
  };

  it.each(Object.keys(reads))('%s leaves the training state as it was, bit for bit', async (name) => {
    const [disturbed, undisturbed] = [create(), create()];
    await Promise.all([disturbed, undisturbed].map((engine) => trainEngine(engine, small, 3)));
    await reads[name](disturbed);
    expect(await disturbed.read()).toEqual(await undisturbed.read());
    const next = windows(small, 3);
    for (const engine of [disturbed, undisturbed]) engine.train(next.inputs, next.targets, next.rates);
    await reads[name](disturbed);
    expect(await disturbed.losses()).toEqual(await undisturbed.losses());
    expect(await disturbed.read()).toEqual(await undisturbed.read());
    disturbed.dispose();
    undisturbed.dispose();
  });

  it('generates text from the hidden state of the first stream', async () => {
    const engine = create();
    await trainEngine(engine, small, 3);
    const { parameters, hidden } = await engine.read();
    const host = new HostModel(small.config, parameters, hidden.subarray(0, H));
    expect(await engine.generate(3, NOISE)).toEqual([...generateWithNoise(host, 3, NOISE, PLAIN_SAMPLING)]);
    engine.dispose();
  });

  it('reads the model alone as it reads all', async () => {
    const engine = create();
    await trainEngine(engine, small, 2);
    const { parameters, hidden } = await engine.read();
    expect(await engine.readModel()).toEqual({ parameters, hidden });
    engine.dispose();
  });

  it('evaluates windows with the hidden state carried on and padding left out', async () => {
    const engine = create();
    await trainEngine(engine, small, 3);
    const state = await engine.read();
    expect(lossDifference([expectedEvaluation(state)], [await evaluate(engine)])).toBeLessThan(1e-5);
    engine.dispose();
  });
}

function describeCopies(runtime: Runtime): void {
  // TensorFlow goes on looking at an array that begins at a multiple of 64 bytes, and copies others.
  it.each([0, 16, 32, 48])(
    'has read its arguments when a call returns: they may be filled again (%i)',
    async (offset) => {
      const state = structuredClone(small.state);
      state.parameters = perParameter((name) => moved(state.parameters[name], offset));
      state.memories = perParameter((name) => moved(state.memories[name], offset));
      state.hidden = moved(state.hidden, offset);
      const [steady, hasty] = [small.state, state].map((start) => runtime.createEngine(small.config, start));
      for (const values of allArrays(state)) values.fill(0.5);
      const expected = await trainEngine(steady, small, 12, 4);
      for (const step of [0, 4, 8]) trainThenOverwrite(hasty, step, offset);
      expect([...(await hasty.losses())]).toEqual(expected);
      expect(await hasty.read()).toEqual(await steady.read());
      hasty.dispose();
      steady.dispose();
    },
  );

  it('gives copies: what a caller writes into them changes nothing', async () => {
    const engine = runtime.createEngine(small.config, small.state);
    await trainEngine(engine, small, 2);
    const expected = structuredClone(await engine.read());
    for (const values of allArrays(await engine.read())) values.fill(7);
    const { inputs, targets } = windows(small, 2);
    const { gradients } = await engine.gradients(inputs, targets);
    const kept = structuredClone(gradients);
    await engine.gradients(targets, inputs);
    expect(gradients).toEqual(kept);
    expect(await engine.read()).toEqual(expected);
    engine.dispose();
  });
}

function trainThenOverwrite(engine: Engine, step: number, offset: number): void {
  const { inputs, targets, rates } = windows(small, step, 4);
  const buffers = [moved(inputs, offset), moved(targets, offset), moved(rates, offset)] as const;
  engine.train(...buffers);
  for (const buffer of buffers) buffer.fill(0);
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
