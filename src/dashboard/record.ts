import { remember } from '../trainer/history.js';

/** A point of a curve: the step, the seconds of training until there, and nats a character. */
export type CurvePoint = readonly [step: number, seconds: number, natsPerChar: number];

/** What a run is about; known when training starts. */
export interface RunDescription {
  /** The name of the text. */
  readonly corpus: string;
  /** What makes it end, in words; empty for an endless run. */
  readonly limits: string;
  /** Its options in the order of `--help`. */
  readonly options: readonly OptionValue[];
  /** Where a resumed run continues: points before have no times of their own, theirs are spread evenly over the steps. */
  readonly resumedAt: { readonly step: number; readonly time: number } | null;
}

/** An option of a run. */
export interface OptionValue {
  /** As it is written: --hidden-size. */
  readonly flag: string;
  readonly value: string;
  /** Whether it is what a run has for which nothing was given. */
  readonly isDefault: boolean;
}

/** Where a run stands. */
export interface Numbers {
  readonly step: number;
  readonly epoch: number;
  /** The part of its limits that is done, 0 to 1; null for an endless run. */
  readonly fraction: number | null;
  /** Seconds to go; null while that is unknown, and for an endless run. */
  readonly remainingSeconds: number | null;
  readonly elapsedSeconds: number;
  readonly natsPerChar: number;
  readonly learningRate: number;
  readonly charsPerSecond: number;
}

/** Text that the model wrote at a step. */
export interface SampleText {
  readonly step: number;
  readonly text: string;
}

/** What a run does now, and how far that is: 0 to 1, null where it is unknown or not its own measure. */
export interface Activity {
  readonly what: 'reading' | 'training' | 'validating';
  readonly fraction: number | null;
}

/** How a run ended. */
export interface Ending {
  readonly how: 'done' | 'stopped' | 'failed';
  /** What the terminal says of it, line by line. */
  readonly lines: readonly string[];
  /** Where its last state is saved; null where nothing keeps it. */
  readonly path: string | null;
}

/** Everything that the dashboard shows of a run. Its lists are bounded: the older a part, the coarser it gets. */
export interface RunRecord {
  activity: Activity;
  description: RunDescription | null;
  numbers: Numbers | null;
  /** Smoothed training loss. */
  readonly training: CurvePoint[];
  readonly validation: CurvePoint[];
  /** The lowest validation. */
  best: CurvePoint | null;
  readonly samples: SampleText[];
  /** What the program says besides, line by line. */
  readonly notes: string[];
  ending: Ending | null;
}

/** What has happened to a record since: new entries of its lists, new values of the rest. */
export type Change = Partial<RunRecord>;

/** Most samples and notes that a record holds; of curves, as many points as a checkpoint keeps. */
const MOST = { samples: 128, notes: 200 } as const;

/** A record of a run that has not begun. */
export function emptyRecord(): RunRecord {
  return {
    activity: { what: 'reading', fraction: null },
    description: null,
    numbers: null,
    training: [],
    validation: [],
    best: null,
    samples: [],
    notes: [],
    ending: null,
  };
}

/**
 * Updates a record. Server and browser both do this to records of their own, and have the same ones after it.
 */
export function applyChange(record: RunRecord, change: Change): void {
  const { training = [], validation = [], samples = [], notes = [], ...values } = change;
  Object.assign(record, values);
  for (const point of training) remember(record.training, point);
  for (const point of validation) remember(record.validation, point);
  for (const sample of samples) remember(record.samples, sample, MOST.samples);
  for (const note of notes) remember(record.notes, note, MOST.notes);
}

/** Two changes in a row as one. */
export function merged(first: Change, second: Change): Change {
  const joined: Change = { ...first, ...second };
  const lists = ['training', 'validation', 'samples', 'notes'] as const;
  for (const list of lists) {
    const [before, after] = [first[list], second[list]];
    if (before && after) Object.assign(joined, { [list]: [...before, ...after] });
  }
  return joined;
}
