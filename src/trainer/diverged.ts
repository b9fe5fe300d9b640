import { UserError } from '../errors.js';
import type { Snapshot } from './snapshot.js';

/** The loss is no longer finite or has exploded: more training would only ruin the weights. */
export class DivergedError extends UserError {
  constructor(
    readonly step: number,
    smoothLoss: number,
    limit: number,
    learningRate: number,
    /** The last state known to be good, if the run got that far. */
    readonly lastGood: Snapshot | undefined,
  ) {
    super(
      `the smoothed loss must stay below ${limit.toFixed(0)} (three times a uniform guess), but is ` +
        `${smoothLoss.toFixed(1)} at step ${step}: training has diverged; ` +
        `use a smaller --learning-rate than ${learningRate} or a smaller --grad-clip`,
    );
  }
}
