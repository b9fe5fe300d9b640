import { grouped, type Table } from './table.js';

/** What one seed of some settings came to. */
export interface Trial {
  /** What trained it: our program, or another of the same algorithm. */
  readonly program: string;
  /** As on the command line. */
  readonly settings: string;
  readonly seed: number;
  readonly steps: number;
  /** Nats a character on the part that was not trained on. */
  readonly validation: number;
  /** Nats a character of training, smoothed. */
  readonly training: number;
  /** Of so many places, those from which the model reads badly when it starts from zeros. */
  readonly badStarts: number;
  readonly places: number;
}

/** A row for the seeds of each program, settings and number of steps, in the order in which they were first tried. */
export function learningTable(trials: readonly Trial[]): Table {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = JSON.stringify([trial.program, trial.settings, trial.steps]);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  return {
    title: 'Nats a character by settings, over seeds',
    head: ['settings', 'program', 'steps', 'seeds', 'validation', 'from', 'to', 'training', 'bad starts'],
    rows: [...groups.values()].map(rowOf),
  };
}

function rowOf(trials: readonly Trial[]): string[] {
  const [{ settings, program, steps }] = trials;
  const validations = trials.map(({ validation }) => validation);
  const sum = (of: (trial: Trial) => number) => trials.reduce((total, trial) => total + of(trial), 0);
  const nats = (value: number) => value.toFixed(3);
  return [
    settings,
    program,
    grouped(steps),
    String(trials.length),
    nats(sum(({ validation }) => validation) / trials.length),
    nats(Math.min(...validations)),
    nats(Math.max(...validations)),
    nats(sum(({ training }) => training) / trials.length),
    `${sum(({ badStarts }) => badStarts)} of ${sum(({ places }) => places)}`,
  ];
}
