import type { TrainableModel } from '../model/trainable-model.js';

/** How long a wait for the device should take, in milliseconds: it has work all the time, and Ctrl-C is soon answered. */
const SHORT_MS = 50;
const LONG_MS = 250;

/**
 * How far a program may run ahead of a model whose device computes on its own: so many calls that the device is never
 * idle, and so few that they are soon done. A model without `settle` is done when a call returns, and sets no bound.
 */
export class Lead {
  readonly #runsAhead: boolean;
  #calls = 0;
  #most = 1;
  #wasShort = false;
  #areCallsLong = false;

  constructor({ settle }: Pick<TrainableModel, 'settle'>) {
    this.#runsAhead = settle !== undefined;
  }

  /** Whether a single call is more than the device should be handed at once. */
  get areCallsLong(): boolean {
    return this.#areCallsLong;
  }

  /** Whether the device must be waited for now, after one more call. */
  isFullAfterCall(): boolean {
    this.#calls++;
    return this.#runsAhead && this.#calls >= this.#most;
  }

  /** Waits for the device. The time that this takes decides how many calls come before the next wait. */
  async wait(device: () => Promise<void> | undefined): Promise<void> {
    const start = performance.now();
    await device();
    if (this.#runsAhead) this.#judge(performance.now() - start);
    this.#calls = 0;
  }

  /** A wait is for the work before the last; after one for all work the next finds none, so that two short ones count. */
  #judge(waited: number): void {
    const isShort = waited < SHORT_MS;
    if (waited > LONG_MS) {
      this.#areCallsLong = this.#most === 1;
      this.#most = Math.max(1, Math.floor(this.#calls / 2));
    } else if (isShort && this.#wasShort) {
      this.#areCallsLong = false;
      if (this.#calls >= this.#most) this.#most *= 2;
    }
    this.#wasShort = isShort;
  }
}
