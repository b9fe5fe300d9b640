import type { TrainingState } from '../model/parameters.js';
import type { HistoryPoint } from './history.js';

/** The state of a run besides the model's tensors: enough, with them, to resume exactly. */
export interface RunState {
  step: number;
  smoothLoss: number;
  elapsedSeconds: number;
  /** State of the generator that samples are drawn with. */
  random: readonly number[];
  training: HistoryPoint[];
  validation: HistoryPoint[];
  /** The lowest validation of the run, and how many have come since. */
  best: HistoryPoint | null;
  validationsSinceBest: number;
  /** Whether the run began with the weights of another one. */
  pretrained: boolean;
}

/** Everything that training changes: enough to resume exactly. */
export interface Snapshot {
  tensors: TrainingState;
  run: RunState;
}
