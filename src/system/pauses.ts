import { setImmediate } from 'node:timers/promises';

/** Longest time between looks at the event loop, so that Ctrl-C is answered at once, in milliseconds. */
const BREATH_MS = 50;

/** Lets a long computation look at the event loop, and so at signals, every 50 ms. */
export class Pauses {
  #last = performance.now();

  /** Whether it is time for a look. */
  get isDue(): boolean {
    return performance.now() - this.#last >= BREATH_MS;
  }

  /** Gives the event loop a turn. */
  async pause(): Promise<void> {
    await setImmediate();
    this.#last = performance.now();
  }
}
