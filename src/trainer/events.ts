/** Numbers of a run at one moment. */
export interface Report {
  type: 'report';
  /** Training windows done since the very start of the run. */
  step: number;
  /** Passes over the training text, with the fraction of the current one. */
  epoch: number;
  /** Symbols trained on: step · T · B. */
  characters: number;
  /** Loss of the last window: nats, summed over T, averaged over B. */
  loss: number;
  /** Exponential average of `loss` (0.999), from -ln(1/V) · T; of a model that has learnt before, from its first loss. */
  smoothLoss: number;
  /** smoothLoss / T. */
  natsPerChar: number;
  /** natsPerChar / ln 2. */
  bitsPerChar: number;
  /** Adagrad's learning rate for the window that comes next. */
  learningRate: number;
  /** Symbols a second since the last report; at the step of a report, as it said. */
  charsPerSecond: number;
  /** Seconds of training since the very start of the run, without validation, saving and printing. */
  elapsedSeconds: number;
}

/** Text generated from the current hidden state of the first stream. */
export interface Sample {
  type: 'sample';
  step: number;
  text: string;
}

/** Loss on the validation text. */
export interface Validation {
  type: 'validation';
  step: number;
  natsPerChar: number;
  bitsPerChar: number;
  /** Whether no earlier validation of the run was lower. */
  best: boolean;
}

/** A sign of life, many times a second, for a progress bar; after everything else that was due at its step. */
export interface Progress extends Omit<Report, 'type'> {
  type: 'progress';
}

/** How far a validation is, for a progress bar: 0 to 1. */
export interface ValidationProgress {
  type: 'validation-progress';
  fraction: number;
}

/** Why a run ended: a limit was reached, the caller's signal, or `patience` validations without a new best one. */
export type EndReason = 'limit' | 'stopped' | 'patience';

/** The last event of a run, with its last numbers. */
export interface End extends Omit<Report, 'type'> {
  type: 'end';
  reason: EndReason;
}

/** What a training run reports to its caller. */
export type TrainingEvent = Report | Sample | Validation | Progress | ValidationProgress | End;
