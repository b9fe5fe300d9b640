import { chooseRuntime, FASTEST_IN_GENERAL } from '../backends/choose.js';
import type { Runtime } from '../backends/runtime.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { type OpenCorpus, openCorpus, type ReadingProgress } from '../corpus/open-corpus.js';
import type { SymbolSource } from '../corpus/symbols.js';
import type { TrainableModel } from '../model/trainable-model.js';
import type { EvalOptions } from '../options/eval-options.js';
import { type Evaluation, evaluate } from '../trainer/evaluate.js';
import { type BadStarts, chooseStart, countBadStarts, startGap } from '../trainer/start.js';

/** How well a checkpoint's model predicts a text. */
export interface TextEvaluation extends Evaluation {
  backend: string;
  /** The name of the text. */
  corpus: string;
  /**
   * Nats a symbol by which the checkpoint's own hidden state or zeros, the worse of them, would start worse; null for a
   * text of 2,000 symbols and fewer.
   */
  startGap: number | null;
}

/** How often a checkpoint's model starts badly on a text. */
export interface TextStarts extends BadStarts {
  /** The name of the text. */
  corpus: string;
}

/** Evaluates a checkpoint's model on files and folders. @throws UserError for a text that cannot be read. */
export function evaluateTexts(
  checkpoint: Checkpoint,
  inputs: readonly string[],
  options: EvalOptions,
  onProgress?: (progress: ReadingProgress) => void,
): Promise<TextEvaluation> {
  return withTexts(checkpoint, inputs, options, onProgress, async (model, symbols, { backend }, { name }) => {
    const evaluation = await evaluate(model, symbols);
    const gap = await startGap(model, symbols, await chooseStart(model, symbols));
    return { backend, corpus: name, ...evaluation, startGap: gap ?? null };
  });
}

/** Counts the places of a text from which a checkpoint's model starts badly; undefined for a text too short to tell. */
export function countStarts(checkpoint: Checkpoint, inputs: readonly string[]): Promise<TextStarts | undefined> {
  return withTexts(checkpoint, inputs, {}, undefined, async (model, symbols, _runtime, { name }) => {
    const starts = await countBadStarts(model, symbols);
    return starts && { corpus: name, ...starts };
  });
}

/**
 * Evaluates a checkpoint's model on symbols of its vocabulary.
 * @throws the signal's reason where it comes before the end; UserError for a text of fewer than 2 symbols.
 */
export function evaluateSymbols(
  checkpoint: Checkpoint,
  symbols: SymbolSource,
  backend: EvalOptions['backend'],
  signal?: AbortSignal,
): Promise<Evaluation> {
  return withModel(checkpoint, backend, (model) => evaluate(model, symbols, signal));
}

/** Opens texts and a model to read them with, and closes both afterwards. */
async function withTexts<Result>(
  checkpoint: Checkpoint,
  inputs: readonly string[],
  { backend, validationFraction = 1, cache }: EvalOptions,
  onProgress: ((progress: ReadingProgress) => void) | undefined,
  use: (model: TrainableModel, symbols: SymbolSource, runtime: Runtime, corpus: OpenCorpus) => Promise<Result>,
): Promise<Result> {
  const { options, vocabulary } = checkpoint;
  const reading = {
    encoding: options.encoding,
    vocabulary,
    cache: cache === false ? (false as const) : undefined,
    onProgress,
  };
  const corpus = await openCorpus(inputs, reading);
  try {
    const kept = Math.floor(corpus.symbols.length * validationFraction);
    const part = corpus.symbols.part(corpus.symbols.length - kept);
    return await withModel(checkpoint, backend, (model, runtime) => use(model, part, runtime, corpus));
  } finally {
    corpus.close();
  }
}

/** Makes a checkpoint's model for reading texts with it, and disposes of it afterwards. */
export async function withModel<Result>(
  { options, vocabulary, tensors }: Checkpoint,
  backend: EvalOptions['backend'] = 'auto',
  use: (model: TrainableModel, runtime: Runtime) => Promise<Result>,
): Promise<Result> {
  const { batchSize, hiddenSize } = options;
  const size = { batchSize, hiddenSize, vocabularySize: vocabulary.size };
  const { runtime } = await chooseRuntime(backend, { size, compile: true }, FASTEST_IN_GENERAL);
  const model = runtime.createModel({ ...options, vocabularySize: vocabulary.size }, tensors);
  try {
    return await use(model, runtime);
  } finally {
    model.dispose();
  }
}
