import { PRESETS } from '../../src/options/presets.js';
import type { Launch } from '../../src/bench/child.js';
import { fastest } from '../alternatives.js';
import { wholeTrainer } from '../contestants/our-contestants.js';
import type { ChildSettings } from '../settings.js';
import type { SuiteContext } from './context.js';
import { SPECIFICATION } from '../../src/options/train-options.js';

/** One that is to learn against the clock. */
export interface Learner {
  readonly name: string;
  readonly launch: Launch;
  readonly settings: ChildSettings;
}

/** The part of the text, at its end, that is not trained on. */
export const VALIDATION_FRACTION = 0.1;
const PART = ['--validation-fraction', String(VALIDATION_FRACTION)];

/** Seconds in which each of NumPy's alternatives shows its speed. */
const TRIAL_SECONDS = 1;

/** The name of the program that all others are compared with. */
export const NUMPY_LEARNER = 'NumPy program';

/** Our presets, our pure version, and the NumPy program; the latter with the threads that suit this machine. */
export async function learners({ corpus, minutes, numpy }: SuiteContext): Promise<Learner[]> {
  const specification: ChildSettings = { ...sizesOf(SPECIFICATION), corpus: corpus.path };
  const fast: ChildSettings = { ...sizesOf({ ...SPECIFICATION, ...PRESETS.fast }), corpus: corpus.path };
  const ours = (...flags: string[]) =>
    wholeTrainer('--samples', 'false', '--minutes', String(minutes), ...PART, ...flags);
  const auto = ['--backend', 'auto'];
  const { launch: classic, child } = await fastest(numpy, specification, TRIAL_SECONDS);
  await child.stop();
  return [
    { name: 'min-char-rnn --preset fast', launch: ours(...auto, '--preset', 'fast'), settings: fast },
    { name: 'min-char-rnn, defaults', launch: ours(...auto), settings: specification },
    { name: 'min-char-rnn, defaults, pure TypeScript', launch: ours('--backend', 'pure'), settings: specification },
    { name: NUMPY_LEARNER, launch: { ...classic, args: [...classic.args, ...PART] }, settings: specification },
  ];
}

function sizesOf({ hiddenSize, seqLength, batchSize, learningRate }: Omit<ChildSettings, 'corpus'>) {
  return { hiddenSize, seqLength, batchSize, learningRate };
}
