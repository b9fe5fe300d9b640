import { Pauses } from '../system/pauses.js';
import type { Streams } from '../corpus/streams.js';
import type { SymbolArray, SymbolSource } from '../corpus/symbols.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import type { TrainableModel } from '../model/trainable-model.js';
import { isFiniteState } from '../model/parameters.js';
import type { Random } from '../sampling/random.js';
import { textDraws, PLAIN_SAMPLING } from '../sampling/sampler.js';
import { DivergedError } from './diverged.js';
import { type Evaluation, evaluateStepwise } from './evaluate.js';
import type { EndReason, Report, Sample, TrainingEvent, Validation } from './events.js';
import { type HistoryPoint, remember } from './history.js';
import { Lead } from './lead.js';
import type { Chances } from './draws.js';
import { fractionDone, isDue, lastStep, type RateOptions, rateAt, stepsToNext, uniformLoss } from './schedule.js';
import type { RunState, Snapshot } from './snapshot.js';
import { Stopwatch } from './stopwatch.js';
import type { Limits } from '../options/train-options.js';
import { WindowLoop } from './window-loop.js';

/** How to train; intervals are in steps, 0 means never. */
export interface TrainerOptions extends RateOptions, Chances {
  limits: Limits;
  reportEvery: number;
  sampleEvery: number;
  /** Symbols a sample. */
  sampleLength: number;
  temperature: number;
  evalEvery: number;
  /** The caller wants to act at multiples of this step (to save), so calls must not run across it. */
  checkpointEvery: number;
  /** Windows unrolled into one call; 0 chooses by the model's size. The results are those of 1. */
  windowsPerCall: number;
  /** Stop after this many validations without a new best one; 0 never does. */
  patience: number;
}

/** What a trainer works with. */
export interface TrainerParts {
  model: TrainableModel;
  streams: Streams;
  vocabulary: Vocabulary;
  random: Random;
  options: TrainerOptions;
  /** The text that is never trained on. */
  validation?: SymbolSource | SymbolArray | undefined;
  /** Where an earlier run stopped. */
  resume?: Omit<RunState, 'random'> | undefined;
  /** For a new run: whether the model has learnt before. Its smoothed loss then starts at that of the first window. */
  pretrained?: boolean | undefined;
}

/** Longest time between looks at the losses of a device that runs ahead of the program; reading makes it wait. */
const LOSSES_MS = 1000;

/** A smoothed loss of this many times that of guessing all symbols alike means that nothing is learned any more. */
const EXPLOSION = 3;

/** How old the state to go back to after a divergence may get, in seconds of training. */
const KEEP_GOOD_STATE_SECONDS = 5;

/**
 * The training loop: windows left to right over the streams, endless unless limited, reporting to its caller what happens
 * as a sequence of events. While the caller handles an event the run is paused at that step, so it may save.
 */
export class Trainer {
  readonly #windows: WindowLoop;
  #smoothLoss: number;
  #loss: number;
  /** When losses were last fetched from the model, ms. */
  #lossesFetched = -Infinity;
  readonly #training: HistoryPoint[];
  readonly #validation: HistoryPoint[];
  #best: HistoryPoint | null;
  #validationsSinceBest: number;
  readonly #pretrained: boolean;
  /** Whether the next loss is the first of a model that has learnt before. */
  #startsSmoothing: boolean;
  readonly #watch: Stopwatch;
  #lastReport: { step: number; seconds: number; charsPerSecond: number };
  #lastGood: Snapshot | undefined;
  readonly #lead: Lead;
  /** Loss of guessing all symbols alike, over a window: where the smoothed loss starts. */
  readonly #uniformLoss: number;

  constructor(readonly parts: TrainerParts) {
    const { model, streams, options, resume } = parts;
    this.#uniformLoss = uniformLoss(model.config);
    this.#windows = new WindowLoop(model, streams, options.windowsPerCall, resume?.step, options);
    this.#smoothLoss = resume?.smoothLoss ?? this.#uniformLoss;
    this.#loss = this.#smoothLoss;
    this.#training = [...(resume?.training ?? [])];
    this.#validation = [...(resume?.validation ?? [])];
    this.#best = resume?.best ?? null;
    this.#validationsSinceBest = resume?.validationsSinceBest ?? 0;
    this.#pretrained = resume?.pretrained ?? parts.pretrained ?? false;
    this.#startsSmoothing = this.#pretrained && this.#step === 0;
    this.#watch = new Stopwatch(resume?.elapsedSeconds);
    this.#lastReport = { step: this.#step, seconds: this.#watch.seconds, charsPerSecond: 0 };
    this.#lead = new Lead(model);
  }

  get #step(): number {
    return this.#windows.step;
  }

  /** Windows trained since the very start of the run. */
  get step(): number {
    return this.#step;
  }

  /** The tensors as they are now, with the counters that belong to them. @throws DivergedError for what is not finite. */
  async snapshot(): Promise<Snapshot> {
    const snapshot = await this.#read();
    if (isFiniteState(snapshot.tensors)) return snapshot;
    throw this.#diverged('the weights must stay finite, but are not');
  }

  async #read(): Promise<Snapshot> {
    await this.#catchUp();
    const run = {
      step: this.#step,
      smoothLoss: this.#smoothLoss,
      elapsedSeconds: this.#watch.seconds,
      random: this.parts.random.state,
      training: [...this.#training],
      validation: [...this.#validation],
      best: this.#best,
      validationsSinceBest: this.#validationsSinceBest,
      pretrained: this.#pretrained,
    };
    return { tensors: await this.parts.model.read(), run };
  }

  /** After a failure: the run as it is or, where its device can no longer be read, in its last good state. */
  async rescue(): Promise<Snapshot> {
    try {
      return await this.snapshot();
    } catch (error) {
      if (!this.#lastGood) throw error;
      return this.#lastGood;
    }
  }

  /**
   * Trains until a limit, the signal or patience ends it; the last event says which. A `progress` event comes after all
   * that was due at its step: a run saved then resumes as if it had never stopped.
   * @throws DivergedError with the last good state when the loss or a weight is no longer finite or the loss has exploded.
   */
  async *run(signal?: AbortSignal): AsyncGenerator<TrainingEvent, void> {
    const { options } = this.parts;
    await this.#keepGoodState();
    let reason = this.#reasonToEnd(signal);
    // A run stopped now still does one step, or else it would start with this sample again when it is resumed.
    if (!reason && this.#step === 0 && options.sampleEvery > 0) yield await this.#sample(signal);
    if (!reason && this.#owesValidation()) yield* this.#validate(signal);
    while (!reason) {
      await this.#trainForAMoment(signal);
      if (isDue(this.#step, options.reportEvery)) yield this.#report();
      if (isDue(this.#step, options.sampleEvery)) yield await this.#sample(signal);
      if (isDue(this.#step, options.evalEvery)) yield* this.#validate(signal);
      await this.#keepGoodState();
      yield { type: 'progress', ...this.#numbers() };
      reason = this.#reasonToEnd(signal);
    }
    // Throws where the last update has ruined the weights: no loss comes after it to show that.
    await this.snapshot();
    if (reason !== 'stopped' && !this.#isValidated()) yield* this.#validate(signal);
    yield { type: 'end', reason, ...this.#numbers() };
  }

  #isValidated(): boolean {
    return this.#validation.at(-1)?.step === this.#step;
  }

  /** Whether the run was stopped before the validation of this step was through. */
  #owesValidation(): boolean {
    return this.#step > 0 && isDue(this.#step, this.parts.options.evalEvery) && !this.#isValidated();
  }

  #isOver(): boolean {
    const { limits } = this.parts.options;
    return fractionDone(limits, this.#step, this.parts.streams.windowsPerEpoch, this.#watch.seconds) >= 1;
  }

  #reasonToEnd(signal: AbortSignal | undefined): EndReason | undefined {
    if (this.#isOver()) return 'limit';
    if (signal?.aborted) return 'stopped';
    const { patience } = this.parts.options;
    return patience > 0 && this.#validationsSinceBest >= patience ? 'patience' : undefined;
  }

  /** Trains until something is due, the run is over, or the event loop wants a turn. */
  async #trainForAMoment(signal: AbortSignal | undefined): Promise<void> {
    const pauses = new Pauses();
    this.#watch.start();
    do this.#windows.call(this.#nextStop(), (step) => this.#learningRate(step));
    while (!this.#lead.isFullAfterCall() && !this.#isBoundary() && !signal?.aborted && !pauses.isDue);
    await this.#lead.wait(() => (this.#wantsLosses() ? this.#collectLosses() : this.parts.model.settle?.()));
    this.#watch.stop();
    await pauses.pause();
  }

  /** Whether losses are looked at now: always where that is free, else when something is due or a while has passed. */
  #wantsLosses(): boolean {
    const ahead = this.parts.model.settle !== undefined && !this.#isBoundary();
    return !ahead || performance.now() - this.#lossesFetched >= LOSSES_MS;
  }

  #isBoundary(): boolean {
    return this.#isOver() || this.#intervals().some((every) => isDue(this.#step, every));
  }

  #intervals(): number[] {
    const { reportEvery, sampleEvery, evalEvery, checkpointEvery } = this.parts.options;
    return [reportEvery, sampleEvery, evalEvery, checkpointEvery];
  }

  /** The next step at which something is due or the run is over; the very next where a call of more takes too long. */
  #nextStop(): number {
    if (this.#lead.areCallsLong) return this.#step + 1;
    const { streams, options } = this.parts;
    const next = this.#step + stepsToNext(this.#step, this.#intervals());
    return Math.min(next, lastStep(options.limits, streams.windowsPerEpoch));
  }

  /** Of the window that comes at a step. Over minutes it follows the clock, so that no two such runs are the same. */
  #learningRate(step: number): number {
    const { options, streams } = this.parts;
    return rateAt(options, step, fractionDone(options.limits, step, streams.windowsPerEpoch, this.#watch.seconds));
  }

  /** Fetches what losses were left on the device; the time until it has them is training's. */
  async #catchUp(): Promise<void> {
    // Other models' losses are fetched after each call.
    if (!this.parts.model.settle) return;
    this.#watch.start();
    await this.#collectLosses();
    this.#watch.stop();
  }

  async #collectLosses(): Promise<void> {
    this.#lossesFetched = performance.now();
    const losses = await this.parts.model.losses();
    // A run that has diverged stays so: it is reported once.
    if (losses.length === 0) return;
    for (const loss of losses) {
      this.#loss = loss;
      // No higher than a uniform guess: a single bad window is no divergence.
      if (this.#startsSmoothing) this.#smoothLoss = Math.min(loss, this.#uniformLoss);
      else this.#smoothLoss = 0.999 * this.#smoothLoss + 0.001 * loss;
      this.#startsSmoothing = false;
    }
    const limit = EXPLOSION * this.#uniformLoss;
    if (this.#smoothLoss < limit) return;
    throw this.#diverged(
      `the smoothed loss must stay below ${limit.toFixed(0)} (three times a uniform guess), but is ` +
        this.#smoothLoss.toFixed(1),
    );
  }

  #diverged(problem: string): DivergedError {
    return new DivergedError(this.#step, problem, this.parts.options.learningRate, this.#lastGood);
  }

  /** Remembers the state now and then, as long as it is finite: where to go back to when the loss explodes. */
  async #keepGoodState(): Promise<void> {
    const age = this.#watch.seconds - (this.#lastGood?.run.elapsedSeconds ?? -Infinity);
    if (age < KEEP_GOOD_STATE_SECONDS) return;
    const snapshot = await this.#read();
    if (isFiniteState(snapshot.tensors)) this.#lastGood = snapshot;
  }

  #numbers(): Omit<Report, 'type'> {
    const { seqLength, batchSize, windowsPerEpoch } = this.parts.streams;
    const seconds = this.#watch.seconds - this.#lastReport.seconds;
    const natsPerChar = this.#smoothLoss / seqLength;
    const characters = (this.#step - this.#lastReport.step) * batchSize * seqLength;
    return {
      step: this.#step,
      epoch: this.#step / windowsPerEpoch,
      characters: this.#step * batchSize * seqLength,
      loss: this.#loss,
      smoothLoss: this.#smoothLoss,
      natsPerChar,
      bitsPerChar: natsPerChar / Math.LN2,
      learningRate: this.#learningRate(this.#step),
      charsPerSecond: characters > 0 ? characters / seconds : this.#lastReport.charsPerSecond,
      elapsedSeconds: this.#watch.seconds,
    };
  }

  #report(): Report {
    const report: Report = { type: 'report', ...this.#numbers() };
    const { step, elapsedSeconds: seconds, natsPerChar, charsPerSecond } = report;
    this.#lastReport = { step, seconds, charsPerSecond };
    remember(this.#training, { step, natsPerChar });
    return report;
  }

  /**
   * Text from the current hidden state of the first stream, after the symbol that follows what it has read; a shorter one
   * when the signal comes. Its random numbers are drawn before, so that the run continues the same either way.
   */
  async #sample(signal: AbortSignal | undefined): Promise<Sample> {
    const { model, streams, vocabulary, random, options } = this.parts;
    this.#watch.start();
    const next = streams.symbolAfter(this.#step);
    const picked = { ...PLAIN_SAMPLING, temperature: options.temperature };
    const symbols = await model.generate(next, textDraws(random, options.sampleLength, picked), picked, signal);
    this.#watch.stop();
    return { type: 'sample', step: this.#step, text: vocabulary.decode(symbols) };
  }

  /** Dropped when the signal comes: a resumed run begins with it. */
  async *#validate(signal: AbortSignal | undefined): AsyncGenerator<TrainingEvent, void> {
    const { model, validation } = this.parts;
    if (!validation) return;
    for await (const step of evaluateStepwise(model, validation, signal)) {
      if (typeof step === 'object') yield this.#validated(step);
      else yield { type: 'validation-progress', fraction: step };
      if (signal?.aborted) return;
    }
  }

  #validated({ natsPerChar, bitsPerChar }: Evaluation): Validation {
    const point = { step: this.#step, natsPerChar };
    remember(this.#validation, point);
    const best = natsPerChar < (this.#best?.natsPerChar ?? Infinity);
    this.#validationsSinceBest = best ? 0 : this.#validationsSinceBest + 1;
    if (best) this.#best = point;
    return { type: 'validation', step: this.#step, natsPerChar, bitsPerChar, best };
  }
}
