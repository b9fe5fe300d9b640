import type { ArgumentsCamelCase, CommandModule, InferredOptionTypes } from 'yargs';
import { BACKENDS } from '../../model/trainable-model.js';
import { decimal, flag, oneOf } from '../grammar/options.js';

const evalOptions = {
  'validation-fraction': decimal('validation-fraction', {
    min: 0,
    max: 1,
    exclusive: true,
    default: 1,
    describe: 'only this part at the end of the text, as train keeps it for validation',
  }),
  backend: oneOf('backend', ['auto', ...BACKENDS], { default: 'auto', describe: 'what computes' }),
  cache: flag({ on: true, describe: 'keep no encoded form of a large text for the next run' }),
  json: flag({ describe: 'print JSON' }),
} as const;

/** What `eval` was given. */
export type EvalArguments = ArgumentsCamelCase<
  InferredOptionTypes<typeof evalOptions> & { checkpoint: string; corpus: string[] }
>;

/** `eval`: how well a model predicts a text. */
export const evalCommand: CommandModule<object, EvalArguments> = {
  command: 'eval <checkpoint> <corpus..>',
  describe: 'measure how well a trained model predicts a text (files, folders, - is stdin)',
  builder: evalOptions,
  handler: async (given) => {
    const { runEval } = await import('./eval.js');
    await runEval(given, process.stdout);
  },
};
