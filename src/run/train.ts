import { existsSync } from 'node:fs';
import { type Choice, chooseRuntime } from '../backends/choose.js';
import type { TrainableModel } from '../model/trainable-model.js';
import { UserError } from '../errors.js';
import { HeapCollector } from './heap-collector.js';
import { nativeStatus } from '../native/status.js';
import { DivergedError } from '../trainer/diverged.js';
import type { End } from '../trainer/events.js';
import { type Snapshot, Trainer } from '../trainer/trainer.js';
import { chooseDisplay, type Display } from '../cli/display/display.js';
import { chooseSaver, type Saver, type Saved } from './saver.js';
import { checkpointOf, planRun, type RunPlan } from './plan.js';
import { preferenceOf } from './preference.js';
import { checkLogs, openLogs, type RunLogs } from './logs.js';
import { windowsPerCall } from './run-options.js';
import { EndingSignals } from '../cli/ending-signals.js';
import { describeCorpus, describeEnd, describeStorage, suggestions } from '../cli/display/summary.js';
import type { TrainArguments } from '../cli/commands/train-command.js';

/**
 * `train`: plans the run, loads the runtime, trains, shows, records and saves.
 * @returns the exit code: 0 at a limit, 128 + n after signal n.
 */
export async function runTrain(given: TrainArguments): Promise<number> {
  if (given.resume !== undefined && given.initFrom !== undefined) {
    throw new UserError(
      '--resume and --init-from must not come together; --resume goes on exactly, --init-from starts a new run',
    );
  }
  // Before the checkpoint is read, so that no other run saves to it in between; one that is not there is refused below.
  const saver = given.resume === undefined || existsSync(given.resume) ? chooseSaver(given) : undefined;
  try {
    return await runKept(given, saver);
  } finally {
    saver?.release();
  }
}

async function runKept(given: TrainArguments, saver: Saver | undefined): Promise<number> {
  const signals = new EndingSignals();
  const plan = await planRun(given, signals.signal).catch((error: unknown) => {
    if (signals.signal.aborted) return undefined;
    throw error;
  });
  // Stopped while the text was read: there is nothing to save yet.
  if (!plan) return signals.exitCode ?? 0;
  checkLogs(given);
  const limits = { steps: plan.options.steps, epochs: plan.options.epochs, minutes: plan.options.minutes };
  const display = chooseDisplay(
    { quiet: given.quiet ?? false, json: given.json ?? false },
    { limits, windowsPerEpoch: plan.streams.windowsPerEpoch },
  );
  try {
    const { backend = 'auto', device, threads, compile = true } = given;
    const request = { size: plan.options, device, threads, compile };
    const choice = await chooseRuntime(backend, request, preferenceOf(plan));
    const { backend: computing, device: on } = choice.runtime;
    plan.options = { ...plan.options, computedBy: { backend: computing, ...(on !== undefined && { device: on }) } };
    if (choice.runtime.backend === 'tensorflow' && nativeStatus().kind === 'foreign') display.note(UNGUARDED);
    display.note(`${choice.runtime.backend}: ${choice.runtime.description} (${choice.reason})`);
    display.note(describeCorpus(plan));
    for (const line of describeStorage(plan.storage)) display.note(line);
    const trainer = makeTrainer(given, plan, choice, saver?.interval.steps ?? 0);
    // Without a display (--quiet), a warning is an error all the same.
    const warn = (line: string) => (given.quiet ? process.stderr.write(`min-char-rnn: ${line}\n`) : display.note(line));
    if (saver) saver.warn = warn;
    const logs = await openLogs(given, plan, choice.runtime, warn);
    const { end, path, problems } = await follow(trainer, plan, { display, saver, logs, signals, warn });
    display.close();
    for (const line of [...describeEnd(end, plan, path), ...suggestions(path)]) display.note(line);
    trainer.parts.model.dispose();
    if (problems.length > 0) throw new UserError(problems.join('; '));
    return signals.exitCode ?? 0;
  } finally {
    display.close();
    signals.release();
  }
}

const UNGUARDED =
  'warning: this tfjs-node was not built by setup, so a signal (Ctrl-C, a resized window) may crash it; ' +
  'min-char-rnn setup --force builds a guarded one';

function makeTrainer(given: TrainArguments, plan: RunPlan, { runtime }: Choice, checkpointEvery: number): Trainer {
  const { options, vocabulary, streams, validation, random, resume } = plan;
  const model: TrainableModel = runtime.createModel({ ...options, vocabularySize: vocabulary.size }, plan.state);
  const { steps, epochs, minutes } = options;
  const trainerOptions = {
    ...options,
    limits: { steps, epochs, minutes },
    checkpointEvery,
    windowsPerCall: windowsPerCall(given, runtime),
  };
  return new Trainer({ model, streams, vocabulary, random, validation, resume, options: trainerOptions });
}

/** What hears of a run's events. */
interface Listeners {
  display: Display;
  saver: Saver | undefined;
  logs: RunLogs;
  signals: EndingSignals;
  warn: (line: string) => void;
}

/** Trains to the end, passing every event on; whatever ends the run, its last good state and its records are kept. */
async function follow(trainer: Trainer, plan: RunPlan, listeners: Listeners): Promise<Saved & { end: End }> {
  const { saver, logs, warn } = listeners;
  const { end, failure } = await listen(trainer, plan, listeners);
  const now = await snapshotAfter(trainer, failure);
  const last = failure instanceof DivergedError ? failure.lastGood : now;
  const saved = last && (await saver?.finish(checkpointOf(plan, last)));
  const problems = [...(saved?.problems ?? []), ...(await logs.close(now.run))];
  if (end) return { end, path: saved?.path, problems };
  if (!(failure instanceof DivergedError)) {
    problems.forEach(warn);
    throw failure;
  }
  const kept = saved?.path === undefined ? [] : [`the state at step ${last?.run.step} is in '${saved.path}'`];
  throw new UserError([failure.message, ...kept, ...problems].join('; '));
}

/** Passes events on until the run has ended or failed. */
async function listen(
  trainer: Trainer,
  plan: RunPlan,
  { display, saver, logs, signals }: Listeners,
): Promise<{ end?: End; failure?: unknown }> {
  const heap = new HeapCollector();
  try {
    for await (const event of trainer.run(signals.signal)) {
      heap.collectIfDue();
      display.event(event);
      await logs.event(event);
      await saver?.event(event, async () => checkpointOf(plan, await trainer.snapshot()));
      if (event.type === 'end') return { end: event };
    }
    return { failure: new Error('a run must end with an end event') };
  } catch (failure) {
    return { failure };
  }
}

/** The state where a run stands, or after a failure where it last stood well. Where none is left, the failure counts. */
async function snapshotAfter(trainer: Trainer, failure: unknown): Promise<Snapshot> {
  if (failure === undefined) return trainer.snapshot();
  try {
    return await trainer.rescue();
  } catch (error) {
    throw failure instanceof Error ? failure : error;
  }
}
