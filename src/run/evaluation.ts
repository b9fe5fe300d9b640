import { chooseRuntime } from '../backends/choose.js';
import { FASTEST_IN_GENERAL } from '../backends/choose.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { openCorpus, type ReadingProgress } from '../corpus/open-corpus.js';
import type { EvalOptions } from '../options/eval-options.js';
import { type Evaluation, evaluate } from '../trainer/evaluate.js';

/** How well a checkpoint's model predicts a text. */
export interface TextEvaluation extends Evaluation {
  backend: string;
  /** The name of the text. */
  corpus: string;
}

/** Evaluates a checkpoint's model on files and folders. @throws UserError for a text that cannot be read. */
export async function evaluateTexts(
  { options, vocabulary, tensors }: Checkpoint,
  inputs: readonly string[],
  { backend = 'auto', validationFraction = 1, cache }: EvalOptions,
  onProgress: (progress: ReadingProgress) => void,
): Promise<TextEvaluation> {
  const { encoding } = options;
  const reading = { encoding, vocabulary, cache: cache === false ? (false as const) : undefined, onProgress };
  const corpus = await openCorpus(inputs, reading);
  const kept = Math.floor(corpus.symbols.length * validationFraction);
  const { runtime } = await chooseRuntime(backend, { size: options, compile: true }, FASTEST_IN_GENERAL);
  const model = runtime.createModel({ ...options, vocabularySize: vocabulary.size }, tensors);
  try {
    const evaluation = await evaluate(model, corpus.symbols.part(corpus.symbols.length - kept));
    return { backend: runtime.backend, corpus: corpus.name, ...evaluation };
  } finally {
    model.dispose();
    corpus.close();
  }
}
