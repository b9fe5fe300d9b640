import { BACKENDS } from './choices.js';
import { decimal, flag, type Given, oneOf, text, wholeNumber } from './option.js';
import { TRAIN_OPTIONS } from './train-options.js';

const size = { group: 'How much:' };
const prime = { group: 'Where to start:' };
const pick = { group: 'How to pick:' };

/** The options of generating text from a trained model. */
export const SAMPLE_OPTIONS = {
  /** Symbols to generate; 0: without end. */
  length: wholeNumber({ ...size, min: 0, default: 1000, describe: 'symbols to generate; 0: without end' }),
  count: wholeNumber({ ...size, min: 1, default: 1, describe: 'texts to generate, a blank line between them' }),
  prime: text({
    ...prime,
    describe:
      'text that the model reads first; not printed; for a model of bytes, \\xe9 is a byte and \\\\ a backslash',
  }),
  primeFile: text({ ...prime, describe: 'file with that text, for a model of bytes any file; - for stdin' }),
  temperature: { ...TRAIN_OPTIONS.temperature, ...pick, describe: 'below 1 bolder, above 1 wilder' },
  /** Only the k most probable symbols; 0: all. */
  topK: wholeNumber({ ...pick, min: 0, default: 0, describe: 'only the k most probable symbols; 0: all' }),
  topP: decimal({
    ...pick,
    min: 0,
    max: 1,
    exclusive: true,
    default: 1,
    describe: 'only the most probable symbols that reach this sum',
  }),
  greedy: flag({ ...pick, describe: 'always the most probable symbol' }),
  seed: wholeNumber({
    ...pick,
    min: 0,
    max: 0xffffffff,
    defaultInWords: 'another each time',
    example: 42,
    describe: 'the same seed gives the same text',
  }),
  backend: oneOf(['auto', ...BACKENDS], { default: 'auto', describe: 'what computes; auto: by the model' }),
} as const;

/** What generating may be given. */
export type SampleOptions = Given<typeof SAMPLE_OPTIONS>;
