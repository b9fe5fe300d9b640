import { expect, it } from 'vitest';
import { LOADERS } from '../../src/backends/choose.js';
import type { Runtime } from '../../src/backends/runtime.js';
import { initialState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { PLAIN_SAMPLING, textDraws } from '../../src/sampling/sampler.js';
import { evaluate } from '../../src/trainer/evaluate.js';
import { describeBackend } from '../model/describe-backend.js';
import { lossFromBestStart } from './loss-by-hand.js';
import {
  differingTensors,
  eventsOf,
  inParts,
  partsOf,
  type Run,
  smallRun,
  textOf,
  throughFile,
  timeless,
  trainerOf,
} from './runs.js';
import type { BackendName } from '../../src/options/choices.js';

const STEPS = 70;

/** Intervals with room for ten windows a call between some of the steps at which something is due, and a common one. */
const paced = { steps: STEPS, reportEvery: 12, sampleEvery: 20, evalEvery: 30 };
const ALL_DUE = 60;

/** Keeps a part of the texts below that is read in one window: a device in software takes a second for each. */
const validated = { ...paced, validationFraction: 0.09 };

/** Runs whose parts must add up to the whole. */
const runs: Record<string, Run> = {
  'one stream, validated, with the learning rate falling to the limit': smallRun(
    { ...validated, learningRateDecay: 'linear' },
    textOf(1000),
  ),
  'three streams, validated': smallRun({ ...validated, batchSize: 3 }, textOf(1000)),
  'three streams, some reset now and then, units dropped, weights decayed, a rising learning rate': smallRun({
    ...paced,
    batchSize: 3,
    resetProbability: 0.2,
    recurrentDropout: 0.2,
    weightDecay: 0.05,
    learningRate: 0.01,
    learningRateRise: 'sqrt',
  }),
  'one stream over a text that ends every 19 steps': smallRun(paced, textOf(80)),
  'three streams over a text that ends every 13 steps': smallRun({ ...paced, batchSize: 3 }, textOf(170)),
};

/** Ascending steps to stop at: one anywhere, different for each seed, an epoch's end, and one where all is due. */
function stopsOf(run: Run, seed: number): number[] {
  const anywhere = 1 + Math.floor(new Random(seed).uniform() * (STEPS - 1));
  const stops = new Set([anywhere, ALL_DUE, partsOf(run).streams.windowsPerEpoch]);
  return [...stops].filter((stop) => stop < STEPS).sort((a, b) => a - b);
}

/** A run that is stopped and resumed equals one that was never stopped; one suite for every backend. */
export async function describeResume(backend: BackendName, windowsPerCall: readonly number[]): Promise<void> {
  const request = { threads: 1, compile: true };
  await describeBackend(`a run on ${backend}`, LOADERS[backend], request, (runtime) => {
    for (const windows of windowsPerCall) {
      for (const [index, [name, run]] of Object.entries(runs).entries()) {
        const title = `resumes to the same bytes: ${name}, ${windows || 'automatic'} windows a call`;
        it(title, () => partsAddUp(runtime, { ...run, windowsPerCall: windows }, stopsOf(run, index + 10 * windows)));
      }
    }

    it('ends with an epoch in the state that its windows have come to, and samples and validates from there', async () => {
      const run = untilEpoch(1);
      const trainer = trainerOf(runtime, run);
      const events = await eventsOf(trainer);
      const byHand = await trainedByHand(runtime, run);
      const { tensors } = await trainer.snapshot();
      expect(tensors).toEqual(await byHand.model.read());
      expect(tensors.hidden.every((value) => value !== 0)).toBe(true);
      const { natsPerChar, text } = await byHand.outcome();
      expect(events.filter(({ type }) => type === 'sample').at(-1)).toMatchObject({ step: EPOCH, text });
      const [validated] = events.filter((event) => event.type === 'validation');
      expect(Math.abs(validated.natsPerChar / natsPerChar - 1)).toBeLessThan(1e-5);
      for (const { model } of [trainer.parts, byHand]) model.dispose();
    });

    it('goes on from the end of an epoch with zeros, whether they were saved or not', async () => {
      const whole = await inParts(runtime, untilEpoch(2), []);
      const { last } = await inParts(runtime, untilEpoch(1), []);
      const hidden = new Float32Array(last.tensors.hidden.length);
      for (const tensors of [last.tensors, { ...last.tensors, hidden }]) {
        const from = throughFile(untilEpoch(1), { ...last, tensors });
        const trainer = trainerOf(runtime, untilEpoch(2), from);
        await eventsOf(trainer);
        const end = await trainer.snapshot();
        expect(differingTensors(whole.last, end)).toEqual([]);
        expect({ ...end.run, elapsedSeconds: 0 }).toEqual({ ...whole.last.run, elapsedSeconds: 0 });
        trainer.parts.model.dispose();
      }
    });

    it('learns the same with and without validation, samples, reports and times to save', async () => {
      const run = { ...validated, learningRateDecay: 'linear', resetProbability: 0.1, recurrentDropout: 0.1 } as const;
      // A short text: it is validated on ten times, and an epoch ends too.
      const text = textOf(280);
      const busy = smallRun({ ...run, evalEvery: 7, sampleEvery: 11, reportEvery: 5 }, text);
      const quiet = smallRun({ ...run, evalEvery: 0, sampleEvery: 0, reportEvery: 0 }, text);
      const [a, b] = [trainerOf(runtime, busy, undefined, { checkpointEvery: 3 }), trainerOf(runtime, quiet)];
      await eventsOf(a);
      await eventsOf(b);
      expect(differingTensors(await a.snapshot(), await b.snapshot())).toEqual([]);
      for (const { parts } of [a, b]) parts.model.dispose();
    });

    it('validates as float64 by hand does, and leaves its training state as it is', async () => {
      // The text is read in two windows.
      const run = smallRun({ validationFraction: 0.12, steps: 25, batchSize: 3 }, textOf(1000));
      const trainer = trainerOf(runtime, run);
      await eventsOf(trainer);
      const before = await trainer.snapshot();
      const { validation } = partsOf(run);
      if (!validation) throw new Error('the run must have a validation text');
      const first = await evaluate(trainer.parts.model, validation);
      const byHand = (await lossFromBestStart(trainer.parts.model, validation)) / (validation.length - 1);
      expect(Math.abs(first.natsPerChar / byHand - 1)).toBeLessThan(1e-5);
      expect(await evaluate(trainer.parts.model, validation)).toEqual(first);
      expect(differingTensors(before, await trainer.snapshot())).toEqual([]);
      trainer.parts.model.dispose();
    });
  });
}

/** Windows in a pass over the training text of `untilEpoch`. */
const EPOCH = 19;

/** A run that ends with an epoch, where a sample and a validation are due. */
function untilEpoch(epochs: number): Run {
  const due = { sampleEvery: EPOCH, evalEvery: EPOCH, reportEvery: 0, validationFraction: 0.25 };
  return smallRun({ ...due, epochs, batchSize: 3 }, textOf(317));
}

/** A model trained window by window on one pass over the text, and what a trainer must find with it then. */
async function trainedByHand(runtime: Runtime, run: Run) {
  const { options, corpus } = run;
  const { streams, validation = [] } = partsOf(run);
  expect(streams.windowsPerEpoch).toBe(EPOCH);
  const { vocabulary } = corpus;
  const config = { ...options, vocabularySize: vocabulary.size };
  const random = new Random(options.seed);
  const model = runtime.createModel(config, initialState(config, options.batchSize, options.init, random));
  for (let step = 0; step < EPOCH; step++) {
    const inputs = new Int32Array(options.batchSize * options.seqLength);
    const targets = inputs.slice();
    streams.fill(step, 1, inputs, targets);
    model.train(inputs, targets, Float32Array.of(options.learningRate));
  }
  await model.losses();
  const outcome = async () => {
    const draws = () => textDraws(random, options.sampleLength, PLAIN_SAMPLING);
    draws(); // Of the sample before the first step.
    // The last window's last target: what follows in the text.
    const next = corpus.symbols[EPOCH * options.seqLength];
    const text = vocabulary.decode(await model.generate(next, draws(), PLAIN_SAMPLING));
    return {
      text,
      natsPerChar: (await lossFromBestStart(model, Uint8Array.from(validation))) / (validation.length - 1),
    };
  };
  return { model, outcome };
}

async function partsAddUp(runtime: Runtime, run: Run, stops: number[]): Promise<void> {
  const whole = await inParts(runtime, run, []);
  const parts = await inParts(runtime, run, stops);
  expect(differingTensors(whole.last, parts.last), `stopped at ${stops.join()}`).toEqual([]);
  expect(timeless(parts.events)).toEqual(timeless(whole.events));
  expect({ ...parts.last.run, elapsedSeconds: 0 }).toEqual({ ...whole.last.run, elapsedSeconds: 0 });
  expect(whole.last.run.step).toBe(STEPS);
}
