import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { UserError } from '../errors.js';
import type { Given } from '../options/option.js';
import { newRunOptions, resumedRunOptions } from '../options/run-options.js';
import { type RunOptions, SPECIFICATION } from '../options/train-options.js';
import { newPlan, optionsFrom, resumedPlan, type RunPlan } from '../run/plan.js';
import type { TRAINING } from './options.js';
import { openText } from './open-text.js';
import type { Text } from './text.js';

/** The options that `train` was given, checked. */
export type TrainingGiven = Given<typeof TRAINING>;

/**
 * What a run starts from: of its own, or from a model's checkpoint, which it resumes on the same text.
 * @throws UserError for options and a text that do not suit each other.
 */
export function planOf(text: Text, given: TrainingGiven, base: Checkpoint | undefined): RunPlan {
  if (!base) {
    const { encoding = SPECIFICATION.encoding, minCount = SPECIFICATION.minCount } = given;
    const corpus = openText(text, { encoding, minCount });
    const opened = { encoding: corpus.vocabulary.encoding, minCount: corpus.minCount };
    requireOpenedSo(given, opened, corpus.name);
    return newPlan(corpus, newRunOptions({ ...given, ...opened }));
  }
  const corpus = openText(text, base.options, base.vocabulary);
  if (corpus.hash !== base.corpus.hash) return newPlan(corpus, optionsFrom(base, given), base);
  const known = typeof text === 'string' || text instanceof Uint8Array ? { ...corpus, name: base.corpus.name } : corpus;
  return resumedPlan(known, resumedRunOptions(given, base.options), base);
}

/** @throws UserError where an option says otherwise than the text was opened. */
function requireOpenedSo(given: TrainingGiven, opened: Pick<RunOptions, 'encoding' | 'minCount'>, name: string): void {
  const wrong = (['encoding', 'minCount'] as const).find(
    (option) => given[option] !== undefined && given[option] !== opened[option],
  );
  if (wrong === undefined) return;
  throw new UserError(
    `${wrong} must be ${opened[wrong]}, as '${name}' was opened, but got ${given[wrong]}; leave it out, or give it to openCorpus`,
  );
}
