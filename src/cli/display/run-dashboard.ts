import type { ReadingProgress } from '../../corpus/open-corpus.js';
import { Dashboard, type RunStart } from '../../dashboard/dashboard.js';
import type { Ending, OptionValue } from '../../dashboard/record.js';
import { messageOf } from '../../errors.js';
import { flagOf } from '../../options/names.js';
import { isEndless } from '../../options/run-options.js';
import { TRAIN_OPTIONS, type TrainOptions } from '../../options/train-options.js';
import { assemblePage } from '../../pages/assemble.js';
import type { RunPlan } from '../../run/plan.js';
import type { RunOutcome } from '../../run/run.js';
import type { TrainingEvent } from '../../trainer/events.js';
import { fractionDone } from '../../trainer/schedule.js';
import { describeEnd, describeLimits } from './summary.js';

/** Opens the dashboard. @param port 0: the first free one. @param warn hears of what fails later. @throws UserError */
export async function openDashboard(port: number, warn: (line: string) => void): Promise<RunDashboard> {
  const html = await assemblePage('dashboard', { title: 'min-char-rnn', data: null });
  return new RunDashboard(await Dashboard.open(port, html, warn));
}

/** Shows a run of `train` on the dashboard. */
export class RunDashboard {
  constructor(private readonly dashboard: Dashboard) {}

  /** How far the text is read. */
  reading({ bytes, totalBytes }: ReadingProgress): void {
    this.dashboard.reading(totalBytes === undefined ? null : bytes / Math.max(1, totalBytes));
  }

  /** Training starts. */
  begin(plan: RunPlan, given: TrainOptions): void {
    this.dashboard.begin(startOf(plan, given));
  }

  /** Something happens in training. */
  event(event: TrainingEvent): void {
    this.dashboard.event(event);
  }

  /** A line about the run itself. */
  note(line: string): void {
    this.dashboard.note(line);
  }

  /** Where the page is. */
  get address(): string {
    return this.dashboard.address;
  }

  /** The run has ended; without an outcome, before there was anything to save. */
  async end(outcome: RunOutcome | undefined): Promise<void> {
    await this.dashboard.end(outcome ? endingOf(outcome) : NOT_BEGUN);
  }

  /** The run has failed. */
  async fail(failure: unknown): Promise<void> {
    await this.dashboard.end({ how: 'failed', lines: [messageOf(failure)], path: null });
  }
}

const NOT_BEGUN: Ending = { how: 'stopped', lines: ['Stopped before training began'], path: null };

function endingOf(outcome: RunOutcome): Ending {
  const { end, path, problems } = outcome;
  const how = problems.length > 0 ? 'failed' : end.reason === 'stopped' ? 'stopped' : 'done';
  return { how, lines: [...describeEnd(outcome), ...problems], path: path ?? null };
}

function startOf(plan: RunPlan, given: TrainOptions): RunStart {
  const { corpus, options, streams, resume } = plan;
  return {
    description: { corpus: corpus.name, limits: describeLimits(plan), options: optionsOf(plan, given) },
    fractionDone: ({ step, elapsedSeconds }) =>
      isEndless(options) ? undefined : fractionDone(options, step, streams.windowsPerEpoch, elapsedSeconds),
    before: resume,
  };
}

/** The options that a run has: all that decide it, and what else was given. */
function optionsOf({ options }: RunPlan, given: TrainOptions): OptionValue[] {
  const names = Object.keys(TRAIN_OPTIONS) as (keyof TrainOptions)[];
  const values: TrainOptions = { ...given, ...options };
  return names.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    return [{ flag: flagOf(name), value: String(value), isDefault: value === TRAIN_OPTIONS[name].default }];
  });
}
