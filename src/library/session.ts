import type { Runtime } from '../backends/runtime.js';
import { messageOf } from '../errors.js';
import type { TrainOptions } from '../options/train-options.js';
import { planFrom, type RunPlan } from '../run/plan.js';
import { chooseFor, makeTrainer, snapshotAfter } from '../run/run.js';
import { DivergedError } from '../trainer/diverged.js';
import type { TrainingEvent } from '../trainer/events.js';
import type { Snapshot } from '../trainer/snapshot.js';
import type { Trainer } from '../trainer/trainer.js';

/** Frees the tensors of a session that was dropped without being closed. */
const dropped = new FinalizationRegistry<{ dispose: () => void }>((model) => model.dispose());

/**
 * A run for as long as it is followed, with its tensors. Whoever asks while a step is computed waits for it: the run is
 * looked at between steps only.
 */
export class Session {
  readonly #stop = new AbortController();
  readonly #trainer: Trainer;
  readonly #events: AsyncGenerator<TrainingEvent, void>;
  /** Events that came while the run was taken to where it can be resumed from. */
  readonly #waiting: TrainingEvent[] = [];
  /** Where the run stood when its tensors were freed. */
  #final: Snapshot | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;
  /** Whether all that was due at the step has been done: only there does a resumed run go on exactly. */
  #isSettled = false;
  #isReported = false;
  #failure: Error | undefined;

  /** Loads what computes a run. @throws UserError where nothing can. */
  static async open(plan: RunPlan, start: Snapshot, options: TrainOptions, signal?: AbortSignal): Promise<Session> {
    const { runtime } = await chooseFor(plan, options);
    return new Session(planFrom(plan, start), start, options, runtime, signal);
  }

  private constructor(
    plan: RunPlan,
    private readonly start: Snapshot,
    options: TrainOptions,
    runtime: Runtime,
    signal: AbortSignal | undefined,
  ) {
    this.#trainer = makeTrainer(options, plan, runtime);
    const signals = [this.#stop.signal, ...(signal ? [signal] : [])];
    this.#events = this.#trainer.run(AbortSignal.any(signals));
    dropped.register(this, this.#trainer.parts.model, this);
  }

  /** The next event; undefined after the last. @throws what ends the run, once. */
  next(): Promise<TrainingEvent | undefined> {
    return this.#inTurn(async () => {
      const event = this.#waiting.shift() ?? (await this.#pull());
      if (event) return event;
      this.#final ??= await this.#state();
      if (!this.#failure || this.#isReported) return undefined;
      this.#isReported = true;
      throw this.#failure;
    });
  }

  /** The run as it stands, where it can be resumed from exactly; after a failure, where it last stood well. */
  snapshot(): Promise<Snapshot> {
    return this.#inTurn(async () => {
      if (this.#final) return this.#final;
      // What was due before the first step will be so again.
      if (!this.#isSettled && this.#trainer.step === this.start.run.step) return this.start;
      while (!this.#isSettled && !this.#isOver) {
        const event = await this.#pull();
        if (event) this.#waiting.push(event);
      }
      return this.#state();
    });
  }

  /** Stops the run and frees its tensors. @returns where it stands, or last stood well. */
  close(): Promise<Snapshot> {
    return this.#inTurn(async () => {
      try {
        this.#stop.abort();
        while (await this.#pull());
        return (this.#final ??= await this.#state());
      } finally {
        dropped.unregister(this);
        this.#trainer.parts.model.dispose();
      }
    });
  }

  async #state(): Promise<Snapshot> {
    if (this.#failure instanceof DivergedError) return this.#failure.lastGood ?? this.start;
    try {
      return await snapshotAfter(this.#trainer, this.#failure);
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      this.#failure = error;
      return error.lastGood ?? this.start;
    }
  }

  /** The trainer's next event; undefined after the last, or after a failure, which `next` throws. */
  async #pull(): Promise<TrainingEvent | undefined> {
    if (this.#isOver) return undefined;
    try {
      const { value: event } = await this.#events.next();
      this.#isOver = event === undefined || event.type === 'end';
      this.#isSettled = this.#isOver || event?.type === 'progress';
      return event ?? undefined;
    } catch (error) {
      this.#isOver = true;
      this.#failure = error instanceof Error ? error : new Error(messageOf(error));
      return undefined;
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
