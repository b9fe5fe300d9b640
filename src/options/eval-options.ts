import { decimal, flag, type Given } from './option.js';
import { SAMPLE_OPTIONS } from './sample-options.js';
import { TRAIN_OPTIONS } from './train-options.js';

/** The options of evaluating a trained model on a text. */
export const EVAL_OPTIONS = {
  validationFraction: decimal({
    min: 0,
    max: 1,
    exclusive: true,
    default: 1,
    describe: 'only this part at the end of the text, as train keeps it for validation',
  }),
  backend: { ...SAMPLE_OPTIONS.backend, describe: 'what computes' },
  cache: { ...TRAIN_OPTIONS.cache, group: undefined },
  json: flag({ describe: 'print JSON' }),
} as const;

/** What evaluating may be given. */
export type EvalOptions = Given<typeof EVAL_OPTIONS>;
