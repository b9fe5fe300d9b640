import type { TrainingEvent } from '../../trainer/events.js';

/** Two steps in a row of this many seconds are no accident. */
const LONG_SECONDS = 3;

/**
 * Tells once that steps are long. While a step is computed no signal is answered: who waits for an answer to Ctrl-C must
 * know before.
 */
export class LongSteps {
  #last = { step: 0, elapsedSeconds: 0 };
  #secondsBefore = 0;
  #isSaid = false;

  /** What to tell after an event, if anything. */
  lineAfter(event: TrainingEvent): string | undefined {
    if (event.type !== 'progress' || event.step === this.#last.step) return undefined;
    const seconds = (event.elapsedSeconds - this.#last.elapsedSeconds) / (event.step - this.#last.step);
    const areLong = Math.min(seconds, this.#secondsBefore) >= LONG_SECONDS;
    this.#last = event;
    this.#secondsBefore = seconds;
    if (!areLong || this.#isSaid) return undefined;
    this.#isSaid = true;
    return `A step takes ${Math.round(seconds)} s: at Ctrl-C the run ends after the step that it is in`;
  }
}
