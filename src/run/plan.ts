import { type Checkpoint, type CorpusRecord, loadCheckpoint } from '../checkpoint/checkpoint.js';
import { builtInCorpus } from '../corpus/corpus.js';
import type { SymbolChoice } from '../corpus/translation.js';
import { type OpenCorpus, openCorpus, type ReadingProgress, type Storage } from '../corpus/open-corpus.js';
import { Streams } from '../corpus/streams.js';
import type { SymbolSource } from '../corpus/symbols.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import { UserError } from '../errors.js';
import { initialState, type TrainingState } from '../model/parameters.js';
import { Random } from '../sampling/random.js';
import { newRunOptions, requireSame, resumedRunOptions } from '../options/run-options.js';
import type { RunOptions, TrainOptions } from '../options/train-options.js';
import { uniformLoss } from '../trainer/schedule.js';
import type { RunState, Snapshot } from '../trainer/snapshot.js';
import { BUILT_IN_NAME, requireKnownSymbols, requireSameText } from './text-checks.js';

/** What a run is asked for. */
export interface RunRequest extends TrainOptions {
  /** Files and folders, `-` for standard input; none: the built-in text. */
  corpus?: readonly string[] | undefined;
  /** The file of options that these came from, where they did: it is not to be overwritten. */
  config?: string | undefined;
}

/** Looks at a text that has been read. @throws UserError where it must be another. */
type Check = NonNullable<SymbolChoice['check']>;

/** Hears how far a text is read. */
type OnReading = ((progress: ReadingProgress) => void) | undefined;

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
  /** The state that a resumed run continues from. */
  resume: RunState | undefined;
  /** Whether the weights come from another run. */
  pretrained: boolean;
}

/** Longest distance between validations where none is given, in steps. */
const EVAL_EVERY_AT_MOST = 10_000;

/**
 * Reads the text and, for a resumed run, the checkpoint.
 * @throws UserError for what cannot work, and the signal's reason where it comes while a text is read.
 */
export async function planRun(request: RunRequest, onReading?: OnReading, signal?: AbortSignal): Promise<RunPlan> {
  const reader = (options: RunOptions, vocabulary?: Vocabulary, check?: Check) =>
    read(request, options, { vocabulary, check }, onReading, signal);
  if (request.resume !== undefined) return planResumed(request, request.resume, reader);
  const base = request.initFrom === undefined ? undefined : await loadCheckpoint(request.initFrom);
  const options = base ? optionsFrom(base, request, request.initFrom) : newRunOptions(request);
  const check: Check = (text) => {
    if (base && !request.corpus?.length) requireKnownSymbols(text, base, request.initFrom ?? '');
  };
  return newPlan(await reader(options, base?.vocabulary, check), options, base);
}

/**
 * The plan of a new run on a text. @param base whose weights it takes: of a checkpoint, weights and vocabulary; memories,
 * hidden state, counters and generator are fresh. @throws UserError for a text that does not suit the options.
 */
export function newPlan(corpus: OpenCorpus, options: RunOptions, base?: Checkpoint): RunPlan {
  const random = new Random(options.seed);
  const size = { hiddenSize: options.hiddenSize, vocabularySize: corpus.vocabulary.size };
  const fresh = initialState(size, options.batchSize, options.init, random);
  const state = { ...fresh, parameters: base?.tensors.parameters ?? fresh.parameters };
  return { ...cut(corpus, options), state, random, resume: undefined, pretrained: base !== undefined };
}

/**
 * The options of a new run that takes its weights from a checkpoint, and with them all that they depend on.
 * @param path of the checkpoint; left out for a model in memory. @throws UserError
 */
export function optionsFrom({ options }: Checkpoint, request: TrainOptions, path?: string): RunOptions {
  requireSame(['hiddenSize', 'encoding', 'minCount'], request, options, path, 'leave it out');
  const { hiddenSize, encoding, minCount } = options;
  return { ...newRunOptions(request), hiddenSize, encoding, minCount };
}

async function planResumed(
  request: RunRequest,
  path: string,
  reader: (options: RunOptions, vocabulary: Vocabulary, check: Check) => Promise<OpenCorpus>,
): Promise<RunPlan> {
  const checkpoint = await loadCheckpoint(path);
  const options = resumedRunOptions(request, checkpoint.options, path);
  const corpus = await reader(options, checkpoint.vocabulary, (text) =>
    requireSameText(text, checkpoint, request.corpus ?? [], path),
  );
  return resumedPlan(corpus, options, checkpoint);
}

/** The plan of a run that goes on with the text that it was trained on. @throws UserError */
export function resumedPlan(corpus: OpenCorpus, options: RunOptions, { tensors, run }: Checkpoint): RunPlan {
  const { pretrained } = run;
  return { ...cut(corpus, options), state: tensors, random: Random.fromState(run.random), resume: run, pretrained };
}

function read(
  { corpus: inputs = [], cache }: RunRequest,
  { encoding, minCount }: RunOptions,
  choice: Pick<SymbolChoice, 'vocabulary' | 'check'>,
  onProgress: OnReading,
  signal: AbortSignal | undefined,
): Promise<OpenCorpus> {
  const options = { encoding, minCount, ...choice, signal, onProgress };
  return inputs.length === 0
    ? openCorpus(builtInCorpus(), { ...options, name: BUILT_IN_NAME })
    : openCorpus(inputs, { ...options, cache: cache === false ? false : undefined });
}

function requireSymbols({ vocabulary, name }: OpenCorpus, { minCount }: RunOptions): void {
  if (vocabulary.size > 1) return;
  const what = minCount > 1 ? `--min-count ${minCount} leaves only one in '${name}'` : `'${name}' has only one`;
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
  requireSymbols(corpus, options);
  const { symbols, name, hash, vocabulary, storage } = corpus;
  const kept = Math.floor(symbols.length * options.validationFraction);
  if (options.validationFraction > 0 && kept < 2) {
    throw new UserError(
      `--validation-fraction must keep 2 symbols or more, but ${options.validationFraction} of '${name}' is ${kept}; ` +
        'use a larger fraction or a longer text',
    );
  }
  requireShortSamples(options, vocabulary.size);
  const training = symbols.part(0, symbols.length - kept);
  const streams = new Streams(training, options.batchSize, options.seqLength, name);
  const byEpoch = kept > 0 ? Math.min(streams.windowsPerEpoch, EVAL_EVERY_AT_MOST) : 0;
  return {
    options: { ...options, evalEvery: options.evalEvery || byEpoch },
    corpus: { name, hash, symbols: symbols.length, position: 0 },
    vocabulary,
    streams,
    validation: kept > 0 ? symbols.part(symbols.length - kept) : undefined,
    storage,
  };
}

/** Most random numbers that a sample may draw at once, one for each symbol that each of its symbols could be: 1 GiB. */
const SAMPLE_NUMBERS = 2 ** 28;

function requireShortSamples({ sampleEvery, sampleLength }: RunOptions, vocabularySize: number): void {
  const most = Math.floor(SAMPLE_NUMBERS / vocabularySize);
  if (sampleEvery === 0 || sampleLength <= most) return;
  throw new UserError(
    `--sample-length must be at most ${most} with the text's ${vocabularySize} different symbols, but got ${sampleLength}; ` +
      'use a smaller one, or generate it from the trained model',
  );
}

/** The state that a plan starts in. */
export function startOf({ options, vocabulary, state, random, resume, pretrained }: RunPlan): Snapshot {
  const fresh = {
    step: 0,
    smoothLoss: uniformLoss({ ...options, vocabularySize: vocabulary.size }),
    elapsedSeconds: 0,
    training: [],
    validation: [],
    best: null,
    validationsSinceBest: 0,
    pretrained,
  };
  return { tensors: state, run: { ...(resume ?? fresh), random: random.state } };
}

/** The same plan from another state of its run. */
export function planFrom(plan: RunPlan, { tensors, run }: Snapshot): RunPlan {
  return { ...plan, state: tensors, random: Random.fromState(run.random), resume: run, pretrained: run.pretrained };
}

/** A checkpoint of a run as it is now. */
export function checkpointOf(plan: RunPlan, snapshot: Snapshot): Checkpoint {
  const position = plan.streams.positionAfter(snapshot.run.step);
  return { options: plan.options, vocabulary: plan.vocabulary, corpus: { ...plan.corpus, position }, ...snapshot };
}
