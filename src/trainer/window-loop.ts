import type { Streams } from '../corpus/streams.js';
import type { TrainableModel } from '../model/trainable-model.js';
import { type Chances, drawWindows } from './draws.js';
import { automaticWindowsPerCall, isDue, stepsToNext } from './schedule.js';

/**
 * Trains a model on one window after another over the streams, pass after pass. The hidden state goes back to zeros
 * before the first window of a pass, not after the last one: whoever looks at the model in between, at the end of a run
 * too, finds the state that the text has led to.
 */
export class WindowLoop {
  readonly windowsPerCall: number;
  /** Numbers of windows that a call may have, the largest first. */
  readonly #counts: readonly number[];
  #step: number;

  /**
   * @param windowsPerCall of one call of the model; 0 chooses by the model's size. The results are those of 1.
   * @param step windows that the model has been trained on already.
   * @param chances what chance changes in training; without it nothing.
   */
  constructor(
    readonly model: TrainableModel,
    readonly streams: Streams,
    windowsPerCall = 0,
    step = 0,
    readonly chances?: Chances,
  ) {
    const { config, inTurns } = model;
    this.windowsPerCall = windowsPerCall || automaticWindowsPerCall(config, inTurns);
    this.#counts = [this.windowsPerCall, ...(inTurns ? [Math.ceil(this.windowsPerCall / 5)] : []), 1];
    this.#step = step;
  }

  /** Windows trained so far, over all passes. */
  get step(): number {
    return this.#step;
  }

  /**
   * One call of the model: as many windows as it may have that do not run past `end` or the text.
   * @param end a step after the present one. @param rate the learning rate of a step's window.
   */
  call(end: number, rate: (step: number) => number): void {
    const { model, streams } = this;
    const step = this.#step;
    const room = Math.min(end - step, stepsToNext(step, [streams.windowsPerEpoch]));
    const count = this.#counts.find((each) => each <= room) ?? 1;
    const inputs = new Int32Array(count * streams.batchSize * streams.seqLength);
    const targets = new Int32Array(inputs.length);
    streams.fill(step, count, inputs, targets);
    if (step > 0 && isDue(step, streams.windowsPerEpoch)) model.resetHidden();
    const rates = new Float32Array(count);
    for (let i = 0; i < count; i++) rates[i] = rate(step + i);
    model.train(inputs, targets, rates, this.chances && drawWindows(this.chances, model.config, step, count));
    this.#step += count;
  }

  /** Trains on so many windows at one learning rate. @returns their losses, read back at the end. */
  async run(steps: number, learningRate: number): Promise<Float32Array> {
    const end = this.#step + steps;
    while (this.#step < end) {
      this.call(end, () => learningRate);
      // A device that computes on its own would be handed all steps at once, and hold what each of them needs.
      if (this.model.settle) await this.model.settle();
    }
    return this.model.losses();
  }
}
