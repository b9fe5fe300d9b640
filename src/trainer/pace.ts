/** What the pace of a run is judged by. */
interface Mark {
  elapsedSeconds: number;
  characters: number;
}

/** The rate is that of the last few seconds: a report alone covers a moment and jumps about. */
const WINDOW_SECONDS = 3;

/** How fast a run goes and how long it will take, from what is seen of it. */
export class Pace {
  readonly #marks: Mark[] = [];
  /** The first mark of the run, which may continue an earlier one. */
  #start: { seconds: number; fraction: number } | undefined;

  /** Symbols a second over the last seconds; the mark's own figure until there are two marks. */
  rate(mark: Mark & { charsPerSecond: number }): number {
    this.#marks.push({ elapsedSeconds: mark.elapsedSeconds, characters: mark.characters });
    while (this.#marks.length > 2 && mark.elapsedSeconds - this.#marks[1].elapsedSeconds >= WINDOW_SECONDS) {
      this.#marks.shift();
    }
    const [oldest] = this.#marks;
    const seconds = mark.elapsedSeconds - oldest.elapsedSeconds;
    return seconds > 0 ? (mark.characters - oldest.characters) / seconds : mark.charsPerSecond;
  }

  /** Seconds to go when a fraction of the run is done; undefined while that is unknown. */
  remaining(elapsedSeconds: number, fraction: number): number | undefined {
    this.#start ??= { seconds: elapsedSeconds, fraction };
    const done = fraction - this.#start.fraction;
    if (done <= 0) return undefined;
    return ((elapsedSeconds - this.#start.seconds) / done) * (1 - fraction);
  }
}
