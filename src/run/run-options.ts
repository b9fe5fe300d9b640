import type { Runtime } from '../backends/runtime.js';
import type { RunOptions } from '../checkpoint/checkpoint.js';
import { PRESETS, REPORTING, SPECIFICATION, WINDOWS_PER_CALL_ON_CARD } from '../options/presets.js';
import { UserError } from '../errors.js';
import { kebabCase } from '../cli/grammar/command.js';
import type { TrainArguments } from '../cli/commands/train-command.js';

/** Options that make up a run and cannot change while it goes on. */
const FIXED = [
  'hiddenSize',
  'seqLength',
  'batchSize',
  'learningRate',
  'learningRateDecay',
  'gradClip',
  'init',
  'seed',
  'encoding',
  'minCount',
  'validationFraction',
] as const;

const LIMITS = ['steps', 'epochs', 'minutes'] as const;

/** The options of a new run: what was given, else the preset's, else the specification's. `evalEvery` 0: by the epoch. */
export function newRunOptions(given: TrainArguments): RunOptions {
  const preset = PRESETS[given.preset ?? 'seed'];
  const options: RunOptions = { ...SPECIFICATION, ...REPORTING, evalEvery: 0, patience: 0, ...preset };
  return checked({ ...options, ...givenAmong(options, given), ...givenLimits(given) }, given);
}

/** Windows a call: what was given, else on a card the preset's; 0 lets the size decide. */
export function windowsPerCall({ windowsPerCall: asked, preset = 'seed' }: TrainArguments, runtime: Runtime): number {
  const onCard = runtime.backend === 'tensorflow' && runtime.device === 'gpu';
  return asked ?? (onCard ? WINDOWS_PER_CALL_ON_CARD[preset] : undefined) ?? 0;
}

/**
 * The options of a run that goes on: the checkpoint's, with new limits and reporting where they were given.
 * @throws UserError naming an option that contradicts the checkpoint's.
 */
export function resumedRunOptions(given: TrainArguments, saved: RunOptions, path: string): RunOptions {
  if (given.preset !== undefined) {
    throw new UserError(
      `--preset must be left out with --resume, but got '${given.preset}'; the checkpoint has its options`,
    );
  }
  for (const name of FIXED) {
    const value = given[name];
    if (value === undefined || value === saved[name]) continue;
    throw new UserError(
      `--${kebabCase(name)} must be ${saved[name]} as in '${path}', but got ${value}; leave it out, or start another run ` +
        `with --init-from '${path}'`,
    );
  }
  const limits = givenLimits(given);
  const kept =
    Object.keys(limits).length > 0 ? { ...saved, steps: undefined, epochs: undefined, minutes: undefined } : saved;
  const merged = { ...kept, ...givenAmong(kept, given), ...limits };
  const defined = Object.entries(merged).filter(([, value]) => value !== undefined);
  return checked(Object.fromEntries(defined) as RunOptions, given);
}

/** Those of a run's options that stand on the command line. */
function givenAmong(options: RunOptions, given: TrainArguments): Partial<RunOptions> {
  const names = Object.keys(options).filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

function givenLimits(given: TrainArguments): Partial<RunOptions> {
  return Object.fromEntries(LIMITS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}

function checked(options: RunOptions, given: TrainArguments): RunOptions {
  const endless = LIMITS.every((name) => options[name] === undefined);
  if (options.learningRateDecay === 'linear' && endless) {
    throw new UserError(
      '--learning-rate-decay linear (also in --preset fast and gpu) must have an end to fall towards, but the run is endless; ' +
        'give --steps, --epochs or --minutes, or --learning-rate-decay none',
    );
  }
  const needsValidation = (['patience', 'evalEvery', 'keepBest'] as const).find((name) => given[name]);
  if (needsValidation && options.validationFraction === 0) {
    throw new UserError(
      `--${kebabCase(needsValidation)} must have a validation to go by, but there is none; add --validation-fraction 0.1`,
    );
  }
  return options;
}
