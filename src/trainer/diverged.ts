import { UserError } from '../errors.js';
import type { Snapshot } from './snapshot.js';

/** The loss has exploded or a number is no longer finite: more training would only ruin the weights. */
export class DivergedError extends UserError {
  constructor(
    readonly step: number,
    /** What must hold and what came. */
    problem: string,
    learningRate: number,
    /** The last state known to be good, if the run got that far. */
    readonly lastGood: Snapshot | undefined,
  ) {
    super(
      `${problem} at step ${step}: training has diverged; ` +
        `use a smaller --learning-rate than ${learningRate} or a smaller --grad-clip`,
    );
  }
}
