import { assertWritable } from '../system/atomic-write.js';
import type { Runtime } from '../backends/runtime.js';
import { messageOf, UserError } from '../errors.js';
import { GrowingFile } from '../system/growing-file.js';
import type { TensorBoardWriter } from '../metrics/tensorboard.js';
import type { HistoryPoint } from '../trainer/history.js';
import type { TrainingEvent } from '../trainer/events.js';
import type { RunPlan, RunRequest } from './plan.js';
import { programVersion } from '../system/version.js';

/** The curves of a run. */
export interface History {
  training: readonly HistoryPoint[];
  validation: readonly HistoryPoint[];
}

/** Keeps a run's numbers somewhere outside the program. What it could not write it keeps and writes the next time. */
export interface RunLog {
  event(event: TrainingEvent): Promise<void>;
  /** Writes what is left; the history is all of the run's. */
  close(history: History): Promise<void>;
}

/** Several logs. One that fails is reported once and tried again: training is worth more than its records. */
export class RunLogs {
  readonly #failing = new Set<RunLog>();

  constructor(
    private readonly logs: readonly RunLog[],
    private readonly warn: (line: string) => void,
  ) {}

  async event(event: TrainingEvent): Promise<void> {
    for (const log of this.logs) {
      const problem = await problemOf(log.event(event));
      if (problem === undefined) continue;
      if (!this.#failing.has(log)) this.warn(`warning: ${problem}; training continues, what is missing is added later`);
      this.#failing.add(log);
    }
  }

  /** Closes all, whatever happens to some. @returns what could not be written, in one line each. */
  async close(history: History): Promise<string[]> {
    const problems = [];
    for (const log of this.logs) problems.push(await problemOf(log.close(history)));
    return problems.filter((problem) => problem !== undefined);
  }
}

/** The user's mistake that a promise is rejected with; undefined where it is fulfilled. */
async function problemOf(promise: Promise<void>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** How a file with metrics begins: with the run that was recorded first. */
export const METRICS_START = Buffer.from('{"type":"run",');

/** Adds a JSON object a line to a file: first the run itself, then its reports and validations. */
export class MetricsLog implements RunLog {
  readonly #file: GrowingFile;

  private constructor(private readonly path: string) {
    this.#file = new GrowingFile(path);
  }

  /** @param run the first line: everything needed to repeat the run. @throws UserError when it cannot be written. */
  static async open(path: string, run: object): Promise<MetricsLog> {
    const file = new MetricsLog(path);
    await file.#add({ type: 'run', ...run });
    return file;
  }

  async event(event: TrainingEvent): Promise<void> {
    if (event.type === 'report' || event.type === 'validation') await this.#add(event);
  }

  async close(): Promise<void> {
    await this.#file.flush().catch((error: unknown) => {
      throw new UserError(
        `the metrics file '${this.path}' must be writable, but ${messageOf(error)}; choose another --metrics`,
      );
    });
  }

  async #add(value: object): Promise<void> {
    this.#file.add(Buffer.from(`${JSON.stringify(value)}\n`));
    await this.close();
  }
}

/** Writes scalars for TensorBoard, each at once: a run that is killed has all points up to its last save. */
export class TensorBoardLog implements RunLog {
  private constructor(private readonly writer: TensorBoardWriter) {}

  /** @param step of the first window that is trained now. @throws UserError when the folder cannot be written to. */
  static async open(folder: string, step: number): Promise<TensorBoardLog> {
    const { TensorBoardWriter } = await import('../metrics/tensorboard.js');
    return new TensorBoardLog(await TensorBoardWriter.open(folder, step));
  }

  async event(event: TrainingEvent): Promise<void> {
    if (event.type === 'report') {
      this.writer.scalar('train/nats_per_char', event.natsPerChar, event.step);
      this.writer.scalar('train/bits_per_char', event.bitsPerChar, event.step);
      this.writer.scalar('train/learning_rate', event.learningRate, event.step);
      this.writer.scalar('speed/chars_per_second', event.charsPerSecond, event.step);
    } else if (event.type === 'validation') {
      this.writer.scalar('validation/nats_per_char', event.natsPerChar, event.step);
      this.writer.scalar('validation/bits_per_char', event.bitsPerChar, event.step);
    } else return;
    await this.close();
  }

  async close(): Promise<void> {
    await this.writer.flush();
  }
}

/** Draws the loss curves when the run ends. */
export class PlotLog implements RunLog {
  constructor(
    private readonly path: string,
    private readonly title: string,
  ) {}

  event(): Promise<void> {
    return Promise.resolve();
  }

  async close(history: History): Promise<void> {
    const { writePlot } = await import('../metrics/plot.js');
    await writePlot(this.path, { title: this.title, ...history });
  }
}

/** Finds out before anything is loaded whether the logs' files can be written. @throws UserError where not. */
export function checkLogs({ metrics, plot }: RunRequest): void {
  for (const path of [metrics, plot]) if (path !== undefined) assertWritable(path);
}

/** Opens the logs that the options ask for. @throws UserError for a place that cannot be written to. */
export async function openLogs(
  given: RunRequest,
  plan: RunPlan,
  runtime: Runtime,
  warn: (line: string) => void,
): Promise<RunLogs> {
  const logs: RunLog[] = [];
  if (given.metrics !== undefined) {
    logs.push(await MetricsLog.open(given.metrics, describeRun(given, plan, runtime)));
  }
  // The points of a resumed run's own step are in an earlier file.
  const first = plan.resume ? plan.resume.step + 1 : 0;
  if (given.tensorboard !== undefined) logs.push(await TensorBoardLog.open(given.tensorboard, first));
  if (given.plot !== undefined) logs.push(new PlotLog(given.plot, `Training on ${plan.corpus.name}`));
  return new RunLogs(logs, warn);
}

/** Everything needed to repeat a run, but for the clock; its options are those that `--config` takes. */
function describeRun({ initFrom }: RunRequest, plan: RunPlan, runtime: Runtime): object {
  const { backend, description, version } = runtime;
  return {
    program: programVersion(),
    node: process.versions.node,
    backend,
    backendVersion: version,
    backendDescription: description,
    options: { ...plan.options, computedBy: undefined },
    corpus: { ...plan.corpus, vocabularySize: plan.vocabulary.size },
    resumedFrom: plan.resume?.step ?? null,
    initFrom: initFrom ?? null,
  };
}
