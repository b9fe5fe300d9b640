import type { Checkpoint, CorpusRecord, RunOptions } from '../checkpoint/checkpoint.js';
import { loadCheckpoint } from '../checkpoint/checkpoint.js';
import { BUILT_IN_CORPUS } from '../corpus/corpus.js';
import { type OpenCorpus, openCorpus, type Storage } from '../corpus/open-corpus.js';
import { Streams } from '../corpus/streams.js';
import type { SymbolSource } from '../corpus/symbols.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import { UserError } from '../errors.js';
import { initialState, type TrainingState } from '../model/parameters.js';
import { Random } from '../sampling/random.js';
import type { RunState } from '../trainer/trainer.js';
import { readingBar } from '../cli/display/reading-bar.js';
import { newRunOptions, resumedRunOptions } from './run-options.js';
import type { TrainArguments } from '../cli/commands/train-command.js';

/** Everything that a run starts from, before any runtime is loaded. */
export interface RunPlan {
  options: RunOptions;
  corpus: CorpusRecord;
  vocabulary: Vocabulary;
  streams: Streams;
  /** The last part of the text, where one is kept for validation. */
  validation: SymbolSource | undefined;
  /** Where the encoded text lies. */
  storage: Storage;
  state: TrainingState;
  random: Random;
  /** Where the run goes on from, for a resumed one. */
  resume: RunState | undefined;
}

/** How the built-in text is called where a file's name would stand. */
export const BUILT_IN_NAME = 'the built-in text';

/** Longest distance between validations unless told otherwise, in steps. */
const EVAL_EVERY_AT_MOST = 10_000;

/**
 * Reads the text and, for a run that goes on, the checkpoint.
 * @throws UserError for what cannot work, and the signal's reason where it comes while a text is read.
 */
export async function planRun(given: TrainArguments, signal?: AbortSignal): Promise<RunPlan> {
  if (given.resume !== undefined) return planResumed(given, given.resume, signal);
  if (given.initFrom !== undefined) return planFrom(given, given.initFrom, signal);
  const options = newRunOptions(given);
  const corpus = await read(given, options, undefined, signal);
  const random = new Random(options.seed);
  const size = { hiddenSize: options.hiddenSize, vocabularySize: corpus.vocabulary.size };
  const state = initialState(size, options.batchSize, options.init, random);
  return { ...cut(corpus, options), state, random, resume: undefined };
}

async function planResumed(given: TrainArguments, path: string, signal?: AbortSignal): Promise<RunPlan> {
  const checkpoint = await loadCheckpoint(path);
  const options = resumedRunOptions(given, checkpoint.options, path);
  const corpus = await read(given, options, checkpoint.vocabulary, signal);
  if (corpus.hash !== checkpoint.corpus.hash) {
    throw new UserError(
      `a resumed run must go on with the text that it was trained on, '${checkpoint.corpus.name}', but '${corpus.name}' ` +
        `differs from it; name that text, or start another run with --init-from '${path}'`,
    );
  }
  const { tensors, run } = checkpoint;
  return { ...cut(corpus, options), state: tensors, random: Random.fromState(run.random), resume: run };
}

/** Weights and vocabulary of a checkpoint; memories, hidden state, counters and generator are fresh. */
async function planFrom(given: TrainArguments, path: string, signal?: AbortSignal): Promise<RunPlan> {
  const checkpoint = await loadCheckpoint(path);
  const { hiddenSize, encoding, minCount } = checkpoint.options;
  const fixed = { hiddenSize, encoding, minCount };
  for (const [name, flag] of [
    ['hiddenSize', '--hidden-size'],
    ['encoding', '--encoding'],
    ['minCount', '--min-count'],
  ] as const) {
    if (given[name] === undefined || given[name] === fixed[name]) continue;
    throw new UserError(`${flag} must be ${fixed[name]} as in '${path}', but got ${given[name]}; leave it out`);
  }
  const options = { ...newRunOptions(given), ...fixed };
  const corpus = await read(given, options, checkpoint.vocabulary, signal);
  const random = new Random(options.seed);
  const size = { hiddenSize, vocabularySize: checkpoint.vocabulary.size };
  const fresh = initialState(size, options.batchSize, options.init, random);
  return {
    ...cut(corpus, options),
    state: { ...fresh, parameters: checkpoint.tensors.parameters },
    random,
    resume: undefined,
  };
}

async function read(
  given: TrainArguments,
  { encoding, minCount }: RunOptions,
  vocabulary?: Vocabulary,
  signal?: AbortSignal,
): Promise<OpenCorpus> {
  const inputs = given.corpus ?? [];
  const bar = readingBar(given, process.stdout);
  const options = { encoding, minCount, vocabulary, signal, onProgress: bar.show };
  const reading =
    inputs.length === 0
      ? openCorpus(BUILT_IN_CORPUS, { ...options, name: BUILT_IN_NAME })
      : openCorpus(inputs, { ...options, cache: given.cache === false ? false : undefined });
  const corpus = await reading.finally(bar.close);
  if (corpus.vocabulary.size > 1) return corpus;
  const what =
    minCount > 1 ? `--min-count ${minCount} leaves only one in '${corpus.name}'` : `'${corpus.name}' has only one`;
  throw new UserError(
    `the text must have 2 different symbols or more to learn from, but ${what}; use ` +
      (minCount > 1 ? 'a smaller one' : 'another text'),
  );
}

/** Parts the text into training streams and validation. */
function cut(
  corpus: OpenCorpus,
  options: RunOptions,
): Pick<RunPlan, 'options' | 'corpus' | 'vocabulary' | 'streams' | 'validation' | 'storage'> {
  const { symbols, name, hash, vocabulary, storage } = corpus;
  const kept = Math.floor(symbols.length * options.validationFraction);
  if (options.validationFraction > 0 && kept < 2) {
    throw new UserError(
      `--validation-fraction must keep 2 symbols or more, but ${options.validationFraction} of '${name}' is ${kept}; ` +
        'use a larger fraction or a longer text',
    );
  }
  const training = symbols.part(0, symbols.length - kept);
  const streams = new Streams(training, options.batchSize, options.seqLength, name);
  const evalEvery = options.evalEvery || Math.min(streams.windowsPerEpoch, EVAL_EVERY_AT_MOST);
  return {
    options: { ...options, evalEvery },
    corpus: { name, hash, symbols: symbols.length, position: 0 },
    vocabulary,
    streams,
    validation: options.validationFraction > 0 ? symbols.part(symbols.length - kept) : undefined,
    storage,
  };
}

/** A checkpoint of a run as it stands. */
export function checkpointOf(plan: RunPlan, snapshot: Pick<Checkpoint, 'tensors' | 'run'>): Checkpoint {
  const position = plan.streams.positionAfter(snapshot.run.step);
  return { options: plan.options, vocabulary: plan.vocabulary, corpus: { ...plan.corpus, position }, ...snapshot };
}
