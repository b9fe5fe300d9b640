import { UserError } from '../errors.js';
import type { BackendName, Preset } from '../options/choices.js';
import { newRunOptions } from '../options/run-options.js';
import type { Limits, RunOptions, TrainingConfig } from '../options/train-options.js';
import type { RunPlan } from '../run/plan.js';
import type { TrainingEvent } from '../trainer/events.js';
import type { Snapshot } from '../trainer/snapshot.js';
import { atBoundary, atBoundaryAsync } from './boundary.js';
import { checkpointOf, type Model, modelOf } from './model.js';
import { checkOptions, requireObject, type Stoppable, TRAINING } from './options.js';
import type { TrainingGiven } from './planning.js';
import type { Session } from './session.js';
import type { Text } from './text.js';

type Optional<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** How to train. Names, ranges and defaults are those of the command `train`; without a limit, until the signal. */
export interface TrainOptions
  extends
    Optional<TrainingConfig>,
    Optional<Limits>,
    Optional<
      Pick<RunOptions, 'reportEvery' | 'sampleEvery' | 'sampleLength' | 'temperature' | 'evalEvery' | 'patience'>
    >,
    Stoppable {
  /** Values of the options that decide what is learnt; see `PRESETS`. */
  readonly preset?: Preset | undefined;
  /** What computes; `auto`, the default, takes the fastest for the size. */
  readonly backend?: BackendName | 'auto' | undefined;
  /** What the backend computes on, such as `gpu`; default `cpu`. */
  readonly device?: string | undefined;
  /** Threads; default by size. */
  readonly threads?: number | undefined;
  /**
   * A model to go on from. On the text that it was trained on, its run goes on as if it had never stopped, with the
   * options that it had; on another, a new run begins with its weights.
   */
  readonly from?: Model | undefined;
}

/**
 * A training run. It starts when it is looped over, or by `finish`, and computes only while its caller waits for its next
 * event. Its tensors are freed when the loop ends, however that is; it can be looped over again to go on.
 */
export interface Training extends AsyncIterable<TrainingEvent> {
  /**
   * The model as it stands, at a step from which its run goes on exactly: inside the loop, before it, after it, and after
   * an error the last good one.
   * @throws UserError for options and a text that do not suit each other.
   */
  model(): Promise<Model>;
  /**
   * Trains on to the end without events. @returns the model then.
   * @throws UserError for what cannot work; DivergedError where the loss has exploded.
   */
  finish(): Promise<Model>;
}

/**
 * Trains a model on a text; see `Training` for when. Prints nothing. Any number of trainings and models, on any backends,
 * may be at work at once; the active backend of a TensorFlow.js that the host program uses stays what it is.
 * @param text a string is the text itself; `openCorpus` opens files.
 * @throws UserError at once for an option that does not hold, and later for what only shows with the text.
 */
export function train(text: Text, options: TrainOptions = {}): Training {
  return atBoundary(() => {
    requireObject(options);
    const { from, ...others } = options;
    const { signal, ...given } = checkOptions(TRAINING, others);
    const base = from && checkpointOf(from);
    // What contradicts itself without the text is refused before it is looked at.
    if (!base) newRunOptions(given);
    const plan = async () => (await import('./planning.js')).planOf(text, given, base);
    return new TrainingRun(plan, given, signal);
  });
}

/** A run that is planned when it is first asked for, and computes while it is followed. */
class TrainingRun implements Training {
  #plan: Promise<RunPlan> | undefined;
  /** Where the run stands while nobody follows it; undefined before it was first looked at. */
  #last: Snapshot | undefined;
  #session: Session | undefined;
  #isFollowed = false;
  #isOver = false;

  constructor(
    private readonly makePlan: () => Promise<RunPlan>,
    private readonly options: TrainingGiven,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<TrainingEvent, void, undefined> {
    if (this.#isOver) return;
    const session = await atBoundaryAsync(() => this.#open());
    try {
      for (;;) {
        const event = await atBoundaryAsync(() => session.next());
        if (!event) break;
        yield event;
      }
      this.#isOver = true;
    } finally {
      await this.#close(session);
    }
  }

  model(): Promise<Model> {
    return atBoundaryAsync(async () => {
      const { checkpointOf: checkpointAt } = await import('../run/plan.js');
      const { plan, last } = await this.#planned();
      const now = (await this.#session?.snapshot()) ?? this.#last ?? last;
      return modelOf(checkpointAt(plan, now));
    });
  }

  async finish(): Promise<Model> {
    const session = this.#session;
    if (session) while (await atBoundaryAsync(() => session.next()));
    else for await (const event of this) void event;
    return this.model();
  }

  async #open(): Promise<Session> {
    if (this.#isFollowed) {
      throw new UserError('a training must have one loop at a time, but another one goes on; wait for its end');
    }
    this.#isFollowed = true;
    try {
      const { plan, last } = await this.#planned();
      const { Session } = await import('./session.js');
      this.#session = await Session.open(plan, last, this.options, this.signal);
      return this.#session;
    } catch (error) {
      this.#isFollowed = false;
      throw error;
    }
  }

  async #close(session: Session): Promise<void> {
    try {
      this.#last = await session.close();
    } finally {
      this.#session = undefined;
      this.#isFollowed = false;
    }
  }

  /** The plan, made once, and where its run stands. @throws UserError, each time, for what cannot work. */
  async #planned(): Promise<{ plan: RunPlan; last: Snapshot }> {
    const { startOf } = await import('../run/plan.js');
    this.#plan ??= this.makePlan();
    const plan = await this.#plan;
    this.#last ??= startOf(plan);
    return { plan, last: this.#last };
  }
}
