import { UserError } from '../errors.js';
import { checkGiven, type Given, type OptionTable } from '../options/option.js';
import { SAMPLE_OPTIONS } from '../options/sample-options.js';
import { FIXED, FREE, LIMITS, TRAIN_OPTIONS } from '../options/train-options.js';

/** The options of a table that have these names. */
function pick<Table extends OptionTable, Name extends keyof Table>(table: Table, names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as unknown as Pick<Table, Name>;
}

/** What `train` takes besides a model and a signal: the options of a run, and what computes it. */
export const TRAINING = pick(TRAIN_OPTIONS, [...FIXED, ...FREE, ...LIMITS, 'preset', 'backend', 'device', 'threads']);

/** What `generate` takes besides a signal. */
export const GENERATING = pick(SAMPLE_OPTIONS, [
  'length',
  'prime',
  'temperature',
  'topK',
  'topP',
  'greedy',
  'seed',
  'backend',
]);

/** What `evaluate` takes besides a signal. */
export const EVALUATING = pick(SAMPLE_OPTIONS, ['backend']);

/** What ends work that goes on. */
export interface Stoppable {
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws UserError for options that are no object, such as null. */
export function requireObject(given: unknown): void {
  if (typeof given === 'object' && given !== null) return;
  throw new UserError('options must be an object, but are none; write for example { steps: 1000 }, or leave them out');
}

/**
 * Checks what a program gives against a table. @throws UserError in the names of the command line, see `namedForLibrary`.
 */
export function checkOptions<Table extends OptionTable>(
  table: Table,
  given: Stoppable & Given<Table>,
): Given<Table> & Stoppable {
  requireObject(given);
  const { signal, ...options } = given;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new UserError('signal must be an AbortSignal, but is none; pass the signal of an AbortController');
  }
  return { ...checkGiven(table, options as Given<Table>), signal };
}
