/** Adds up the time between `start` and `stop`, by a clock that never goes backwards. */
export class Stopwatch {
  #running: number | undefined;

  /** @param elapsed seconds that count already. */
  constructor(private elapsed = 0) {}

  /** Seconds so far. */
  get seconds(): number {
    return this.elapsed + (this.#running === undefined ? 0 : (performance.now() - this.#running) / 1000);
  }

  start(): void {
    this.#running ??= performance.now();
  }

  stop(): void {
    this.elapsed = this.seconds;
    this.#running = undefined;
  }
}
