/** The steps of a set-up, in their order; `wait` only where another set-up is already running. */
export type SetupStep = 'prepare' | 'wait' | 'download' | 'extract' | 'compile' | 'verify';

/** What a set-up is doing. */
export interface SetupProgress {
  readonly step: SetupStep;
  /** A short phrase such as `downloading TensorFlow 2.19.0 (252 MB)`: the same for the whole of a step's part. */
  readonly message: string;
  /** How much of this part is done, from 0 to 1; absent where that is unknown. */
  readonly fraction?: number;
}

/** Receives each step as it begins and, where it is known, how far it has come. */
export type ProgressReporter = (progress: SetupProgress) => void;
