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
    // Browsers, where the model runs too, have only the latter.
    const { setImmediate: soon = setTimeout } = globalThis as { setImmediate?: (turn: () => void) => unknown };
    await new Promise<void>((turn) => soon(turn));
    this.#last = performance.now();
  }
}
