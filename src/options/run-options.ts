import { UserError } from '../errors.js';
import { flagOf } from './names.js';
import { PRESETS } from './presets.js';
import { DEFAULTS, FIXED, FREE, type Limits, LIMITS, type RunOptions, type TrainOptions } from './train-options.js';

/** The options of a new run: what was given, else the preset's, else the specification's. @throws UserError */
export function newRunOptions(given: TrainOptions): RunOptions {
  const preset = PRESETS[given.preset ?? 'seed'];
  return checked({ ...DEFAULTS, ...preset, ...givenAmong([...FIXED, ...FREE, ...LIMITS], given) }, given);
}

/**
 * The options of a resumed run: the checkpoint's, with new limits and reporting where they were given.
 * @param path of the checkpoint; left out for a model in memory.
 * @throws UserError naming an option that contradicts the checkpoint's.
 */
export function resumedRunOptions(given: TrainOptions, saved: RunOptions, path?: string): RunOptions {
  if (given.preset !== undefined) {
    const [where, what] = path === undefined ? ['where a run goes on', 'model'] : ['with --resume', 'checkpoint'];
    throw new UserError(`--preset must be left out ${where}, but got '${given.preset}'; the ${what} has its options`);
  }
  const another = path === undefined ? '' : `, or start another run with --init-from '${path}'`;
  requireSame(FIXED, given, saved, path, `leave it out${another}`);
  const limits = givenAmong(LIMITS, given);
  const kept = { ...saved };
  if (Object.keys(limits).length > 0) for (const name of LIMITS) delete kept[name];
  return checked({ ...kept, ...givenAmong(FREE, given), ...limits }, given);
}

/**
 * @param path of the checkpoint; undefined for a model in memory.
 * @throws UserError for the first option of `names` that is given and differs from the checkpoint's.
 */
export function requireSame(
  names: readonly (typeof FIXED)[number][],
  given: TrainOptions,
  saved: RunOptions,
  path: string | undefined,
  advice: string,
): void {
  const name = names.find((name) => given[name] !== undefined && given[name] !== saved[name]);
  if (name === undefined) return;
  const where = path === undefined ? 'the model' : `'${path}'`;
  throw new UserError(`${flagOf(name)} must be ${saved[name]} as in ${where}, but got ${given[name]}; ${advice}`);
}

function givenAmong(names: readonly (keyof TrainOptions)[], given: TrainOptions): Partial<RunOptions> {
  return Object.fromEntries(names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}

/** Whether a run has no limit, and goes on until it is stopped. */
export function isEndless(options: Limits): boolean {
  return LIMITS.every((name) => options[name] === undefined);
}

/** @throws UserError for options that contradict each other. */
function checked(options: RunOptions, given: TrainOptions): RunOptions {
  if (options.learningRateDecay === 'linear' && isEndless(options)) {
    throw new UserError(
      '--learning-rate-decay linear (also in --preset fast and gpu) must have an end to fall towards, but the run is endless; ' +
        'give --steps, --epochs or --minutes, or --learning-rate-decay none',
    );
  }
  const needsValidation = (['patience', 'evalEvery', 'keepBest'] as const).find((name) => given[name]);
  if (needsValidation && options.validationFraction === 0) {
    throw new UserError(
      `${flagOf(needsValidation)} must have a validation to go by, but there is none; add --validation-fraction 0.1`,
    );
  }
  return options;
}
