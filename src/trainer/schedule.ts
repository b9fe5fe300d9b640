import type { Limits, TrainingConfig } from '../options/train-options.js';
import type { ModelSize, WindowSize } from '../model/parameters.js';

/** The part of its limits that a run has done, 0 to 1; 0 for an endless run. */
export function fractionDone(limits: Limits, step: number, windowsPerEpoch: number, elapsedSeconds: number): number {
  const steps = lastStep(limits, windowsPerEpoch);
  const byStep = steps === Infinity ? 0 : steps === 0 ? 1 : step / steps;
  const byTime = limits.minutes === undefined ? 0 : elapsedSeconds / (60 * limits.minutes);
  return Math.min(1, Math.max(byStep, byTime));
}

/** The step at which `steps` and `epochs` end a run; Infinity where neither is given. */
export function lastStep({ steps, epochs }: Limits, windowsPerEpoch: number): number {
  const byEpochs = epochs === undefined ? Infinity : Math.ceil(epochs * windowsPerEpoch);
  return Math.min(steps ?? Infinity, byEpochs);
}

/** Steps from `step` to the next multiple of any of `intervals`; an interval of 0 never comes. */
export function stepsToNext(step: number, intervals: readonly number[]): number {
  const distances = intervals.filter((every) => every > 0).map((every) => every - (step % every));
  return Math.min(Infinity, ...distances);
}

/** Whether something that comes every `every` steps comes at `step`; never for 0. */
export function isDue(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}

/** What decides the learning rate of each step. */
export type RateOptions = Pick<TrainingConfig, 'learningRate' | 'learningRateRise' | 'learningRateDecay'>;

/**
 * The learning rate of the window that comes at a step, after a fraction of the run. Adagrad divides by the root of a sum
 * over all steps: a rate that rises with the root of their number divides by the root of their mean instead, and leaves
 * it to the decay how fast the steps become smaller.
 */
export function rateAt(options: RateOptions, step: number, fraction: number): number {
  const { learningRate, learningRateRise, learningRateDecay } = options;
  const risen = learningRateRise === 'none' ? learningRate : learningRate * Math.sqrt(step + 1);
  return learningRateDecay === 'none' ? risen : risen * (1 - 0.95 * fraction);
}

/** Most time steps in a call of several windows: preparing one takes about a millisecond a time step, once. */
const TIME_STEPS_PER_CALL = 1000;

/** Floating-point operations of a call of several windows that takes no preparing: a few milliseconds on a processor. */
const FLOPS_PER_CALL = 1.25e8;

/**
 * How many windows one call has: small steps cost more to call than to compute, large ones gain nothing.
 * @param inTurns see `TrainableModel`; else the windows are unrolled.
 */
export function automaticWindowsPerCall(size: ModelSize & WindowSize, inTurns = false): number {
  const flops = flopsPerWindow(size);
  if (inTurns) return Math.max(1, Math.min(50, Math.floor(FLOPS_PER_CALL / flops)));
  const wanted = flops < 1e7 ? 10 : flops < 2e8 ? 4 : 1;
  return Math.max(1, Math.min(wanted, Math.floor(TIME_STEPS_PER_CALL / size.seqLength)));
}

/** The loss of guessing all symbols alike, over a window, in nats: where a run's smoothed loss starts. */
export function uniformLoss({ vocabularySize, seqLength }: ModelSize & Pick<WindowSize, 'seqLength'>): number {
  return Math.log(vocabularySize) * seqLength;
}

/** Floating-point operations of a training window: three products each for recurrence and logits, 2 per multiply-add. */
export function flopsPerWindow(size: ModelSize & WindowSize): number {
  const { batchSize: B, seqLength: T, hiddenSize: H, vocabularySize: V } = size;
  return 6 * B * T * H * (H + V);
}
