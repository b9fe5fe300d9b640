import { existsSync } from 'node:fs';
import { type Choice, chooseRuntime } from '../backends/choose.js';
import type { WorkSize } from '../backends/memory.js';
import type { Runtime } from '../backends/runtime.js';
import type { ReadingProgress } from '../corpus/open-corpus.js';
import { UserError } from '../errors.js';
import type { ModelConfig } from '../model/trainable-model.js';
import { WINDOWS_PER_CALL_ON_CARD } from '../options/presets.js';
import type { TrainOptions } from '../options/train-options.js';
import { DivergedError } from '../trainer/diverged.js';
import type { End, TrainingEvent } from '../trainer/events.js';
import { automaticWindowsPerCall } from '../trainer/schedule.js';
import { Trainer } from '../trainer/trainer.js';
import { HeapCollector } from './heap-collector.js';
import { checkLogs, openLogs, type RunLogs } from './logs.js';
import { checkpointOf, planRun, type RunPlan, type RunRequest } from './plan.js';
import { requireApart, requireUnused } from './places.js';
import { preferenceOf } from './preference.js';
import { chooseSaver, type Saver } from './saver.js';
import type { Snapshot } from '../trainer/snapshot.js';

/** What hears of a run as it goes: a screen, a test, a program of its own. */
export interface RunListener {
  /** How far the text is read. */
  readonly reading?: (progress: ReadingProgress) => void;
  /** The text is read and the runtime is loaded; training starts now. */
  readonly started: (plan: RunPlan, choice: Choice) => void;
  readonly event: (event: TrainingEvent) => void;
  /** A save or a record fails, or works again; one line. */
  readonly warn: (line: string) => void;
  /** Asked where the run may be saved: whether it is to be saved now, and go on; each request is taken once. */
  readonly takeSaveRequest?: () => boolean;
}

/** How a run ended. */
export interface RunOutcome {
  plan: RunPlan;
  end: End;
  /** Where the last state is saved; undefined where nothing keeps it. */
  path: string | undefined;
  /** What could not be kept as it was asked for, in one line each. */
  problems: string[];
}

/**
 * A whole run: plans it, loads the runtime, trains, records and saves, until a limit or the signal. Prints nothing.
 * @returns how it ended; undefined where the signal came before there was anything to save.
 * @throws UserError for what cannot work, and for a run that has diverged, whose last good state is saved.
 */
export async function runTraining(
  request: RunRequest,
  listener: RunListener,
  signal?: AbortSignal,
): Promise<RunOutcome | undefined> {
  if (request.resume !== undefined && request.initFrom !== undefined) {
    throw new UserError(
      '--resume and --init-from must not come together; --resume continues a run, --init-from starts a new one',
    );
  }
  requireApart(request);
  // Before the checkpoint is read, so that no other run saves to it in between; one that is not there is refused below.
  const saver =
    request.resume === undefined || existsSync(request.resume) ? chooseSaver(request, listener.warn) : undefined;
  try {
    await requireUnused(request);
    const plan = await planRun(request, listener.reading, signal).catch((error: unknown) => {
      if (signal?.aborted) return undefined;
      throw error;
    });
    return plan && (await runPlan(plan, request, saver, listener, signal));
  } finally {
    saver?.release();
  }
}

async function runPlan(
  plan: RunPlan,
  request: RunRequest,
  saver: Saver | undefined,
  listener: RunListener,
  signal: AbortSignal | undefined,
): Promise<RunOutcome> {
  checkLogs(request);
  const choice = await chooseFor(plan, request, listener.warn);
  listener.started(plan, choice);
  const trainer = makeTrainer(request, plan, choice.runtime, saver?.interval.steps ?? 0);
  try {
    const logs = await openLogs(request, plan, choice.runtime, listener.warn);
    return await follow(trainer, plan, { listener, saver, logs, signal });
  } finally {
    trainer.parts.model.dispose();
  }
}

/**
 * Loads what is to compute a run, and notes it in the run's options.
 * @param warn hears, in a line, that a worker is lost. @throws UserError where nothing can.
 */
export async function chooseFor(
  plan: RunPlan,
  request: TrainOptions,
  warn: (line: string) => void = () => undefined,
): Promise<Choice> {
  const { backend = 'auto', device, threads, compile = true } = request;
  const size = workSizeOf(request, plan);
  const choice =
    request.workers === undefined
      ? await chooseRuntime(backend, { size, device, threads, compile }, preferenceOf(plan))
      : // Its parts of the training step are tensor ops: TensorFlow.js loads with it.
        await (await import('../cluster/join.js')).chooseCluster(request.workers, request, size, warn);
  const { backend: computing, device: on } = choice.runtime;
  plan.options = { ...plan.options, computedBy: { backend: computing, ...(on !== undefined && { device: on }) } };
  return choice;
}

/** What the run computes, for the choice of what computes it. */
function workSizeOf(
  { windowsPerCall: windows }: TrainOptions,
  { options, vocabulary }: RunPlan,
): WorkSize & Pick<ModelConfig, 'seqLength' | 'vocabularySize'> {
  const { batchSize, hiddenSize, seqLength } = options;
  const size = { batchSize, hiddenSize, seqLength, vocabularySize: vocabulary.size };
  return { ...size, windows: windows ?? automaticWindowsPerCall(size) };
}

/** The trainer of a run. @param checkpointEvery steps between saves; 0: none. */
export function makeTrainer(request: TrainOptions, plan: RunPlan, runtime: Runtime, checkpointEvery = 0): Trainer {
  const { options, vocabulary, streams, validation, random, resume, pretrained } = plan;
  const model = runtime.createModel({ ...options, vocabularySize: vocabulary.size }, plan.state);
  const trainerOptions = {
    ...options,
    limits: options,
    checkpointEvery,
    windowsPerCall: windowsPerCall(request, runtime),
  };
  return new Trainer({ model, streams, vocabulary, random, validation, resume, pretrained, options: trainerOptions });
}

/** Windows a call: what was given, else on a card the preset's; 0 lets the size decide. */
export function windowsPerCall(
  { windowsPerCall: given, preset = 'seed' }: TrainOptions,
  { backend, device }: Pick<Runtime, 'backend' | 'device'>,
): number {
  const onCard = backend === 'tensorflow' && device === 'gpu';
  return given ?? (onCard ? WINDOWS_PER_CALL_ON_CARD[preset] : undefined) ?? 0;
}

/** What goes along with a run. */
interface Companions {
  listener: RunListener;
  saver: Saver | undefined;
  logs: RunLogs;
  signal: AbortSignal | undefined;
}

/** Trains to the end, passing every event on; whatever ends the run, its last good state and its records are kept. */
async function follow(trainer: Trainer, plan: RunPlan, companions: Companions): Promise<RunOutcome> {
  const { saver, logs, listener } = companions;
  const { end, failure } = await passEvents(trainer, plan, companions);
  const now = await snapshotAfter(trainer, failure);
  const last = failure instanceof DivergedError ? failure.lastGood : now;
  const saved = last && (await saver?.finish(checkpointOf(plan, last)));
  const problems = [...(saved?.problems ?? []), ...(await logs.close(now.run))];
  if (end) return { plan, end, path: saved?.path, problems };
  if (!(failure instanceof DivergedError)) {
    problems.forEach(listener.warn);
    throw failure;
  }
  const kept = saved?.path === undefined ? [] : [`the state at step ${last?.run.step} is in '${saved.path}'`];
  throw new UserError([failure.message, ...kept, ...problems].join('; '));
}

/** Passes events on until the run has ended or failed. */
async function passEvents(
  trainer: Trainer,
  plan: RunPlan,
  { listener, saver, logs, signal }: Companions,
): Promise<{ end?: End; failure?: unknown }> {
  const heap = new HeapCollector();
  try {
    for await (const event of trainer.run(signal)) {
      heap.collectIfDue();
      listener.event(event);
      await logs.event(event);
      const now = event.type === 'progress' && listener.takeSaveRequest?.();
      await saver?.event(event, async () => checkpointOf(plan, await trainer.snapshot()), now);
      if (event.type === 'end') return { end: event };
    }
    return { failure: new Error('a run must end with an end event') };
  } catch (failure) {
    return { failure };
  }
}

/** The state where a run stands, or after a failure where it last stood well. Where none is left, the failure counts. */
export async function snapshotAfter(trainer: Trainer, failure: unknown): Promise<Snapshot> {
  if (failure === undefined) return trainer.snapshot();
  try {
    return await trainer.rescue();
  } catch (error) {
    throw failure instanceof Error ? failure : error;
  }
}
