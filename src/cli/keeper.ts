import { extname } from 'node:path';
import { assertWritable } from '../checkpoint/atomic-write.js';
import { type Checkpoint, saveCheckpoint } from '../checkpoint/checkpoint.js';
import { UserError } from '../errors.js';
import type { TrainingEvent } from '../trainer/events.js';
import { isDue } from '../trainer/schedule.js';
import type { TrainArguments } from './train-command.js';

/** When to save besides at the end: every so many steps, or so many seconds of training; 0 for never. */
export interface SaveInterval {
  steps: number;
  seconds: number;
}

const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** Reads `--checkpoint-every`: 500 (steps), 90s, 10m or 2h. */
export function parseInterval(text: string | undefined): SaveInterval {
  if (text === undefined) return { steps: 0, seconds: 0 };
  const match = /^(\d+)([smh]?)$/.exec(text);
  const value = Number(match?.[1]);
  if (!match || !Number.isSafeInteger(value) || value < 1) {
    throw new UserError(
      `--checkpoint-every must be a whole number of steps such as 500, or of time such as 90s, 10m or 2h, but got '${text}'; ` +
        'give one of these',
    );
  }
  const unit = match[2];
  if (unit === 's' || unit === 'm' || unit === 'h') return { steps: 0, seconds: value * UNITS[unit] };
  return { steps: value, seconds: 0 };
}

/** Saves a run to its checkpoint when it is time, and its best validated state beside it. */
export class Keeper {
  #savedAtSeconds: number;
  #bestIsDue = false;

  /**
   * @param path where to save; @param elapsedSeconds of training before this run goes on.
   * @throws UserError when the path cannot be written to, as far as that can be known now.
   */
  constructor(
    readonly path: string,
    readonly interval: SaveInterval,
    readonly keepBest: boolean,
    elapsedSeconds: number,
  ) {
    this.#savedAtSeconds = elapsedSeconds;
    assertWritable(path);
    if (keepBest) assertWritable(bestPath(path));
  }

  /** Saves if the event is a time to. @param take makes the checkpoint of the run, which stands still meanwhile. */
  async event(event: TrainingEvent, take: () => Promise<Checkpoint>): Promise<void> {
    if (event.type === 'validation' && event.best) this.#bestIsDue = this.keepBest;
    // Only then has all that was due at the step been done, so that a run which goes on from here misses nothing.
    if (event.type !== 'progress' && event.type !== 'end') return;
    if (this.#bestIsDue) await saveCheckpoint(bestPath(this.path), await take());
    this.#bestIsDue = false;
    // The run itself is saved by the caller when it ends.
    if (event.type === 'end') return;
    const { steps, seconds } = this.interval;
    const inTime = seconds > 0 && event.elapsedSeconds - this.#savedAtSeconds >= seconds;
    if (!isDue(event.step, steps) && !inTime) return;
    this.#savedAtSeconds = event.elapsedSeconds;
    await this.save(await take());
  }

  /** Saves a checkpoint now. */
  async save(checkpoint: Checkpoint): Promise<void> {
    await saveCheckpoint(this.path, checkpoint);
  }
}

/** The keeper that the options ask for: a resumed run is saved where it came from unless told otherwise. */
export function chooseKeeper(given: TrainArguments, elapsedSeconds: number): Keeper | undefined {
  const interval = parseInterval(given.checkpointEvery);
  const path = given.checkpoint ?? given.resume;
  if (path !== undefined) return new Keeper(path, interval, given.keepBest ?? false, elapsedSeconds);
  const lonely = given.checkpointEvery !== undefined ? 'checkpoint-every' : given.keepBest ? 'keep-best' : undefined;
  if (lonely === undefined) return undefined;
  throw new UserError(`--${lonely} must come with --checkpoint, but that is missing; add --checkpoint PATH`);
}

/** run.safetensors → run.best.safetensors */
export function bestPath(path: string): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}.best${extension}`;
}
