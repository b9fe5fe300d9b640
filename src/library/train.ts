import { UserError } from '../errors.js';
import type { BackendName, Preset } from '../options/choices.js';
import { newRunOptions, resumedRunOptions } from '../options/run-options.js';
import { type Limits, type RunOptions, SPECIFICATION, type TrainingConfig } from '../options/train-options.js';
import { checkpointOf as checkpointAt, newPlan, optionsFrom, resumedPlan, type RunPlan, startOf } from '../run/plan.js';
import type { TrainingEvent } from '../trainer/events.js';
import type { Snapshot } from '../trainer/snapshot.js';
import { atBoundary, atBoundaryAsync } from './boundary.js';
import { checkpointOf, type Model, modelOf } from './model.js';
import { checkOptions, requireObject, type Stoppable, TRAINING } from './options.js';
import { Session } from './session.js';
import { openText, type Text } from './text.js';

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
    return new TrainingRun(() => planOf(text, given, base), given, signal);
  });
}

type Given = Omit<ReturnType<typeof checkOptions<typeof TRAINING>>, 'signal'>;
type Base = ReturnType<typeof checkpointOf> | undefined;

function planOf(text: Text, given: Given, base: Base): RunPlan {
  if (!base) {
    const { encoding = SPECIFICATION.encoding, minCount = SPECIFICATION.minCount } = given;
    const corpus = openText(text, { encoding, minCount });
    const opened = { encoding: corpus.vocabulary.encoding, minCount: corpus.minCount };
    requireOpenedSo(given, opened, corpus.name);
    return newPlan(corpus, newRunOptions({ ...given, ...opened }));
  }
  const corpus = openText(text, base.options, base.vocabulary);
  if (corpus.hash !== base.corpus.hash) return newPlan(corpus, optionsFrom(base, given), base);
  const known = typeof text === 'string' || text instanceof Uint8Array ? { ...corpus, name: base.corpus.name } : corpus;
  return resumedPlan(known, resumedRunOptions(given, base.options), base);
}

/** @throws UserError where an option says otherwise than the text was opened. */
function requireOpenedSo(given: Given, opened: Pick<RunOptions, 'encoding' | 'minCount'>, name: string): void {
  const wrong = (['encoding', 'minCount'] as const).find(
    (option) => given[option] !== undefined && given[option] !== opened[option],
  );
  if (wrong === undefined) return;
  throw new UserError(
    `${wrong} must be ${opened[wrong]}, as '${name}' was opened, but got ${given[wrong]}; leave it out, or give it to openCorpus`,
  );
}

/** A run that is planned when it is first asked for, and computes while it is followed. */
class TrainingRun implements Training {
  #plan: RunPlan | undefined;
  /** Where the run stands while nobody follows it. */
  #last: Snapshot | undefined;
  #session: Session | undefined;
  #isFollowed = false;
  #isOver = false;

  constructor(
    private readonly makePlan: () => RunPlan,
    private readonly options: Given,
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
      const { plan, last } = this.#planned();
      const now = (await this.#session?.snapshot()) ?? last;
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
      const { plan, last } = this.#planned();
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

  #planned(): { plan: RunPlan; last: Snapshot } {
    this.#plan ??= this.makePlan();
    this.#last ??= startOf(this.#plan);
    return { plan: this.#plan, last: this.#last };
  }
}
