import { appendFile } from 'node:fs/promises';
import { assertWritable } from '../checkpoint/atomic-write.js';
import type { Runtime } from '../backends/runtime.js';
import { messageOf, UserError } from '../errors.js';
import type { TensorBoardWriter } from '../metrics/tensorboard.js';
import type { HistoryPoint } from '../trainer/history.js';
import type { TrainingEvent } from '../trainer/events.js';
import type { RunPlan } from './plan.js';
import { programVersion } from './program.js';
import type { TrainArguments } from './train-command.js';

/** Keeps a run's numbers somewhere outside the program. */
export interface Recorder {
  event(event: TrainingEvent): Promise<void>;
  /** Writes what is left; the history is all of the run's. */
  close(history: { training: readonly HistoryPoint[]; validation: readonly HistoryPoint[] }): Promise<void>;
}

/** Adds a JSON object a line to a file: first the run itself, then its reports and validations. */
export class MetricsFile implements Recorder {
  private constructor(private readonly path: string) {}

  /** @param run the first line: everything needed to repeat the run. @throws UserError when it cannot be written. */
  static async open(path: string, run: object): Promise<MetricsFile> {
    const file = new MetricsFile(path);
    await file.#add({ type: 'run', ...run });
    return file;
  }

  async event(event: TrainingEvent): Promise<void> {
    if (event.type === 'report' || event.type === 'validation') await this.#add(event);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #add(value: object): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(value)}\n`).catch((error: unknown) => {
      throw new UserError(
        `the metrics file '${this.path}' must be writable, but ${messageOf(error)}; choose another --metrics`,
      );
    });
  }
}

/** Writes scalars for TensorBoard. */
export class TensorBoardRecorder implements Recorder {
  private constructor(private readonly writer: TensorBoardWriter) {}

  static async open(folder: string): Promise<TensorBoardRecorder> {
    const { TensorBoardWriter } = await import('../metrics/tensorboard.js');
    return new TensorBoardRecorder(await TensorBoardWriter.open(folder));
  }

  async event(event: TrainingEvent): Promise<void> {
    const now = Date.now() / 1000;
    if (event.type === 'report') {
      this.writer.scalar('train/nats_per_char', event.natsPerChar, event.step, now);
      this.writer.scalar('train/bits_per_char', event.bitsPerChar, event.step, now);
      this.writer.scalar('speed/chars_per_second', event.charsPerSecond, event.step, now);
    } else if (event.type === 'validation') {
      this.writer.scalar('validation/nats_per_char', event.natsPerChar, event.step, now);
      this.writer.scalar('validation/bits_per_char', event.bitsPerChar, event.step, now);
      await this.writer.flush();
    }
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}

/** Draws the loss curves when the run ends. */
export class PlotRecorder implements Recorder {
  constructor(
    private readonly path: string,
    private readonly title: string,
  ) {}

  event(): Promise<void> {
    return Promise.resolve();
  }

  async close(history: { training: readonly HistoryPoint[]; validation: readonly HistoryPoint[] }): Promise<void> {
    const { writePlot } = await import('../metrics/plot.js');
    await writePlot(this.path, { title: this.title, ...history });
  }
}

/** Finds out before anything is loaded whether the recorders' files can be written. @throws UserError where not. */
export function checkRecorders({ metrics, plot }: TrainArguments): void {
  for (const path of [metrics, plot]) if (path !== undefined) assertWritable(path);
}

/** Opens the recorders that the options ask for. @throws UserError for a place that cannot be written to. */
export async function openRecorders(given: TrainArguments, plan: RunPlan, runtime: Runtime): Promise<Recorder[]> {
  const recorders: Recorder[] = [];
  if (given.metrics !== undefined) recorders.push(await MetricsFile.open(given.metrics, describeRun(plan, runtime)));
  if (given.tensorboard !== undefined) recorders.push(await TensorBoardRecorder.open(given.tensorboard));
  if (given.plot !== undefined) recorders.push(new PlotRecorder(given.plot, `Training on ${plan.corpus.name}`));
  return recorders;
}

/** Everything needed to repeat a run. */
function describeRun(plan: RunPlan, runtime: Runtime): object {
  const { backend, description, version } = runtime;
  return {
    program: programVersion(),
    node: process.versions.node,
    backend,
    backendVersion: version,
    backendDescription: description,
    options: plan.options,
    corpus: { ...plan.corpus, vocabularySize: plan.vocabulary.size },
    resumedFrom: plan.resume?.step ?? null,
  };
}
