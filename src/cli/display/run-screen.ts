import type { Choice } from '../../backends/choose.js';
import type { ReadingProgress } from '../../corpus/open-corpus.js';
import { UserError } from '../../errors.js';
import type { RunPlan, RunRequest } from '../../run/plan.js';
import type { RunListener, RunOutcome } from '../../run/run.js';
import type { TrainingEvent } from '../../trainer/events.js';
import { chooseDisplay } from './choose-display.js';
import { SILENT } from './display.js';
import { LongSteps } from './long-steps.js';
import { type ReadingBar, readingBar } from './reading-bar.js';
import type { RunDashboard } from './run-dashboard.js';
import { describeEnd, describeStart, suggestions } from './summary.js';

/** All that shows a run of `train`: its first and last lines, a display for where the output goes, the dashboard. */
export class RunScreen implements Omit<RunListener, 'takeSaveRequest'> {
  readonly #longSteps = new LongSteps();
  readonly #bar: ReadingBar;
  #display = SILENT;
  #dashboard: RunDashboard | undefined;

  private constructor(
    private readonly given: RunRequest,
    private readonly out: NodeJS.WriteStream,
  ) {
    this.#bar = readingBar(given, out);
  }

  /** Opens it. @throws UserError where the dashboard cannot have its port. */
  static async open(given: RunRequest, out: NodeJS.WriteStream): Promise<RunScreen> {
    const screen = new RunScreen(given, out);
    if (given.dashboard === undefined) return screen;
    const { openDashboard } = await import('./run-dashboard.js');
    screen.#dashboard = await openDashboard(given.dashboard, screen.warn);
    return screen;
  }

  readonly note = (line: string): void => {
    this.#display.note(line);
    this.#dashboard?.note(line);
  };

  readonly reading = (progress: ReadingProgress): void => {
    this.#bar.show(progress);
    this.#dashboard?.reading(progress);
  };

  readonly started = (plan: RunPlan, choice: Choice): void => {
    const { quiet = false, json = false } = this.given;
    this.#bar.close();
    const outline = { limits: plan.options, windowsPerEpoch: plan.streams.windowsPerEpoch };
    this.#display = chooseDisplay({ quiet, json }, outline, this.out);
    this.#dashboard?.begin(plan, this.given);
    describeStart(plan, choice, this.given).forEach(this.note);
    if (this.#dashboard) this.#display.note(`dashboard: ${this.#dashboard.address}`);
  };

  readonly event = (event: TrainingEvent): void => {
    this.#display.event(event);
    this.#dashboard?.event(event);
    const line = this.#longSteps.lineAfter(event);
    if (line !== undefined) this.note(line);
  };

  readonly warn = (line: string): void => {
    // Without a display, a warning is an error all the same.
    if (this.given.quiet) process.stderr.write(`min-char-rnn: ${line}\n`);
    else this.#display.note(line);
    this.#dashboard?.note(line);
  };

  /** Shows how the run has ended; without an outcome, before there was anything to save. @throws UserError for problems. */
  async end(outcome: RunOutcome | undefined): Promise<void> {
    this.#display.close();
    await this.#dashboard?.end(outcome);
    if (!outcome) return;
    describeEnd(outcome).forEach((line) => this.#display.note(line));
    if (outcome.problems.length > 0) throw new UserError(outcome.problems.join('; '));
    suggestions(outcome, this.given.corpus ?? []).forEach((line) => this.#display.note(line));
  }

  /** Says in the dashboard that the run has failed, unless it has ended before. */
  async fail(failure: unknown): Promise<void> {
    await this.#dashboard?.fail(failure);
  }

  /** Leaves the screen tidy; safe to call again. */
  close(): void {
    this.#bar.close();
    this.#display.close();
  }
}
