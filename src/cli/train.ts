import { type Choice, chooseRuntime } from '../backends/choose.js';
import type { Engine } from '../engine.js';
import { UserError } from '../errors.js';
import { nativeStatus } from '../native/status.js';
import { DivergedError } from '../trainer/diverged.js';
import type { End } from '../trainer/events.js';
import { Trainer } from '../trainer/trainer.js';
import { chooseDisplay, type Display } from './display/display.js';
import { type Keeper, chooseKeeper } from './keeper.js';
import { checkpointOf, planRun, type RunPlan } from './plan.js';
import { checkRecorders, openRecorders, type Recorder } from './recorders.js';
import { EndingSignals } from './signals.js';
import { describeCorpus, describeEnd, describeStorage, suggestions } from './summary.js';
import type { TrainArguments } from './train-command.js';

/**
 * `train`: plans the run, loads the runtime, trains, shows, records and saves.
 * @returns the exit code: 0 at a limit, 128 + n after signal n.
 */
export async function runTrain(given: TrainArguments): Promise<number> {
  const signals = new EndingSignals();
  const plan = await planRun(given, signals.signal).catch((error: unknown) => {
    if (signals.signal.aborted) return undefined;
    throw error;
  });
  // Stopped while the text was read: there is nothing to save yet.
  if (!plan) return signals.exitCode ?? 0;
  checkRecorders(given);
  const keeper = chooseKeeper(given, plan.resume?.elapsedSeconds ?? 0);
  const limits = { steps: plan.options.steps, epochs: plan.options.epochs, minutes: plan.options.minutes };
  const display = chooseDisplay(
    { quiet: given.quiet ?? false, json: given.json ?? false },
    { limits, windowsPerEpoch: plan.streams.windowsPerEpoch },
  );
  try {
    const choice = await chooseRuntime(given.backend ?? 'auto', {
      size: plan.options,
      threads: given.threads,
      compile: given.compile ?? true,
    });
    display.note(`${choice.runtime.backend}: ${choice.runtime.description} (${choice.reason})`);
    if (choice.runtime.backend === 'tensorflow' && nativeStatus().kind === 'foreign') display.note(UNGUARDED);
    display.note(describeCorpus(plan));
    for (const line of describeStorage(plan.storage)) display.note(line);
    const trainer = makeTrainer(given, plan, choice, keeper?.interval.steps ?? 0);
    const recorders = await openRecorders(given, plan, choice.runtime);
    const end = await follow(trainer, plan, { display, keeper, recorders, signals });
    display.close();
    conclude(end, plan, keeper, display);
    trainer.parts.engine.dispose();
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
  const engine: Engine = runtime.createEngine({ ...options, vocabularySize: vocabulary.size }, plan.state);
  const { steps, epochs, minutes } = options;
  const trainerOptions = {
    ...options,
    limits: { steps, epochs, minutes },
    checkpointEvery,
    windowsPerCall: given.windowsPerCall ?? 0,
  };
  return new Trainer({ engine, streams, vocabulary, random, validation, resume, options: trainerOptions });
}

/** What hears of a run's events. */
interface Listeners {
  display: Display;
  keeper: Keeper | undefined;
  recorders: Recorder[];
  signals: EndingSignals;
}

/** Trains to the end, passing every event on; whatever ends the run, its last good state is saved. */
async function follow(
  trainer: Trainer,
  plan: RunPlan,
  { display, keeper, recorders, signals }: Listeners,
): Promise<End> {
  const take = async () => checkpointOf(plan, await trainer.snapshot());
  let end: End | undefined;
  try {
    for await (const event of trainer.run(signals.signal)) {
      display.event(event);
      for (const recorder of recorders) await recorder.event(event);
      await keeper?.event(event, take);
      if (event.type === 'end') end = event;
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) {
      await keeper?.save(await take());
      throw error;
    }
    if (!keeper || !error.lastGood) throw error;
    await keeper.save(checkpointOf(plan, error.lastGood));
    throw new UserError(`${error.message}; the state at step ${error.lastGood.run.step} is in '${keeper.path}'`);
  }
  const last = await take();
  await keeper?.save(last);
  for (const recorder of recorders) await recorder.close(last.run);
  if (!end) throw new Error('a run must end with an end event');
  return end;
}

function conclude(end: End, plan: RunPlan, keeper: Keeper | undefined, display: Display): void {
  for (const line of [...describeEnd(end, plan, keeper?.path), ...suggestions(keeper?.path)]) display.note(line);
}
