import type { TrainingEvent } from '../../trainer/events.js';
import type { Limits } from '../../options/train-options.js';

/** Shows a run as it goes. */
export interface Display {
  /** A line about the run itself: backend, corpus, a checkpoint saved. */
  note(line: string): void;
  event(event: TrainingEvent): void;
  /** Leaves the screen tidy; called once, also after an error. */
  close(): void;
}

/** What a display needs to know of a run beforehand. */
export interface RunOutline {
  limits: Limits;
  windowsPerEpoch: number;
}

/** Shows nothing: for --quiet. */
export const SILENT: Display = { note() {}, event() {}, close() {} };
