import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { bestPath } from './best-path.js';
import { assertWritable } from '../system/atomic-write.js';
import { type Checkpoint, saveCheckpoint } from '../checkpoint/checkpoint.js';
import { sweepLeftovers } from '../checkpoint/leftovers.js';
import { lockCheckpoint } from '../checkpoint/lock.js';
import { UserError } from '../errors.js';
import { flagOf } from '../options/names.js';
import { parseInterval, type SaveInterval } from '../options/save-interval.js';
import type { TrainOptions } from '../options/train-options.js';
import type { TrainingEvent } from '../trainer/events.js';
import { isDue } from '../trainer/schedule.js';

/** Where a run was saved at its end, and what went wrong until then. */
export interface Saved {
  /** Where the state is; undefined where it could not be saved anywhere. */
  path: string | undefined;
  /** What the user must know, in one line each. */
  problems: string[];
}

/**
 * Saves a run to its checkpoint when it is time, and its best validated state beside it. A save that fails in between
 * is reported once and tried again at the next; at the end the state goes elsewhere rather than nowhere.
 */
export class Saver {
  #savedAtSeconds: number | undefined;
  #bestIsDue = false;
  /** The best state for as long as it is not in its file. */
  #best: Checkpoint | undefined;
  readonly #failing = new Set<string>();
  readonly #unlock: (() => void)[] = [];

  /**
   * Takes the files for this process and removes what killed ones have left there.
   * @param path where to save; @param warn hears that saving fails, or works again.
   * @throws UserError when the path cannot be written to, as far as that can be known now, or another run saves there.
   */
  constructor(
    readonly path: string,
    readonly interval: SaveInterval,
    readonly keepBest: boolean,
    private readonly warn: (line: string) => void,
  ) {
    const paths = keepBest ? [path, bestPath(path)] : [path];
    paths.forEach(assertWritable);
    try {
      for (const taken of paths) this.#unlock.push(lockCheckpoint(taken));
    } catch (error) {
      this.release();
      throw error;
    }
    paths.forEach(sweepLeftovers);
  }

  /**
   * Saves if the event is a time to.
   * @param take makes the checkpoint of the run, which is paused until then. @param now whether a save is requested.
   */
  async event(event: TrainingEvent, take: () => Promise<Checkpoint>, now = false): Promise<void> {
    if (event.type === 'validation' && event.best) this.#bestIsDue = this.keepBest;
    // Only then has all that was due at the step been done, so that a run resumed from here misses nothing.
    if (event.type !== 'progress' && event.type !== 'end') return;
    if (this.#bestIsDue) {
      this.#best = await take();
      await this.#saveBest();
    }
    this.#bestIsDue = false;
    // The run itself is saved by `finish` when it ends.
    if (event.type === 'progress' && (this.#isTime(event) || now)) {
      await this.#save(this.path, await take());
      await this.#saveBest();
    }
  }

  /** Saves the last state and releases the files. Never throws for what a disk may do. */
  async finish(last: Checkpoint): Promise<Saved> {
    const saved = await saveSomewhere(this.path, last);
    const best = this.#best && (await saveSomewhere(bestPath(this.path), this.#best));
    this.release();
    return { path: saved.path, problems: [...saved.problems, ...(best?.problems ?? [])] };
  }

  /** Releases the files; safe to call again. */
  release(): void {
    this.#unlock.splice(0).forEach((unlock) => unlock());
  }

  #isTime({ step, elapsedSeconds }: { step: number; elapsedSeconds: number }): boolean {
    const { steps, seconds } = this.interval;
    // The first event of this run comes within a moment of its start.
    this.#savedAtSeconds ??= elapsedSeconds;
    const inTime = seconds > 0 && elapsedSeconds - this.#savedAtSeconds >= seconds;
    if (!isDue(step, steps) && !inTime) return false;
    this.#savedAtSeconds = elapsedSeconds;
    return true;
  }

  async #saveBest(): Promise<void> {
    if (this.#best && (await this.#save(bestPath(this.path), this.#best))) this.#best = undefined;
  }

  /** Tries to save; training is worth more than a save that fails. */
  async #save(path: string, checkpoint: Checkpoint): Promise<boolean> {
    try {
      await saveCheckpoint(path, checkpoint);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!this.#failing.has(path))
        this.warn(`warning: ${error.message}; training continues, the next save tries again`);
      this.#failing.add(path);
      return false;
    }
    if (this.#failing.delete(path)) this.warn(`Saved to ${path} again`);
    return true;
  }
}

/** Saves to the path or, where that fails, to an unused name in the current folder or the one for temporary files. */
async function saveSomewhere(path: string, checkpoint: Checkpoint): Promise<Saved> {
  const problems: string[] = [];
  for (const candidate of [path, rescuePath('.', path), rescuePath(tmpdir(), path)]) {
    try {
      await saveCheckpoint(candidate, checkpoint);
      if (problems.length === 0) return { path, problems };
      const { step } = checkpoint.run;
      return { path: candidate, problems: [`${problems[0]}; the state at step ${step} is in '${resolve(candidate)}'`] };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
    }
  }
  return { path: undefined, problems: [`the state at step ${checkpoint.run.step} is lost: ${problems.join('; ')}`] };
}

/** run.safetensors → run.rescued.safetensors in the folder, or run.rescued-2.safetensors and so on. */
function rescuePath(folder: string, path: string): string {
  const extension = extname(path);
  const stem = join(folder, basename(path, extension));
  for (let count = 1; ; count++) {
    const name = `${stem}.rescued${count === 1 ? '' : `-${count}`}${extension}`;
    if (!existsSync(name)) return name;
  }
}

/** The saver that the options ask for: a resumed run is saved where it came from unless another place is given. */
export function chooseSaver(given: TrainOptions, warn: (line: string) => void): Saver | undefined {
  const interval = (given.checkpointEvery !== undefined && parseInterval(given.checkpointEvery)) || NEVER;
  const path = given.checkpoint ?? given.resume;
  if (path !== undefined) return new Saver(path, interval, given.keepBest ?? false, warn);
  const lonely = (['checkpointEvery', 'keepBest'] as const).find((name) => given[name]);
  if (lonely === undefined) return undefined;
  throw new UserError(`${flagOf(lonely)} must come with --checkpoint, but that is missing; add --checkpoint PATH`);
}

const NEVER: SaveInterval = { steps: 0, seconds: 0 };
