import { sourceOf, type SymbolArray, type SymbolSource } from '../corpus/symbols.js';
import type { TrainableModel } from '../model/trainable-model.js';
import { UserError } from '../errors.js';
import { chooseStart, type Start } from './start.js';
import { readStretches, type Stretch, TextReading } from './text-reading.js';

/** How well a model predicts a text. */
export interface Evaluation {
  /** Predictions that counted: every symbol of the text but the first. */
  predictions: number;
  natsPerChar: number;
  /** natsPerChar / ln 2. */
  bitsPerChar: number;
  /** exp(natsPerChar). */
  perplexity: number;
}

/** A text is read as up to this many streams side by side, each of at least `SHORTEST_STREAM` symbols. */
const MOST_STREAMS = 32;
const SHORTEST_STREAM = 10_000;

/** Symbols before its own that each stream but the first reads, so that it has its context; a multiple of 100. */
const RUN_UP = 200;

/**
 * Reads a text through and averages -ln p of every symbol but the first. The hidden state starts from the best of
 * several, see `chooseStart`, and is carried through; a text of 20,000 symbols and more is read as up to 32 contiguous
 * streams side by side, each after a run-up of 200 symbols. The model's training state stays as it is.
 * Yields the fraction done now and then, and at last the evaluation, unless the signal comes while starts are tried.
 * @throws UserError for a text of fewer than 2 symbols.
 */
export async function* evaluateStepwise(
  model: TrainableModel,
  symbols: SymbolSource | SymbolArray,
  signal?: AbortSignal,
): AsyncGenerator<number | Evaluation, void> {
  const source = sourceOf(symbols);
  const predictions = source.length - 1;
  if (predictions < 1) {
    throw new UserError(`a text to evaluate must have 2 symbols or more, but has ${source.length}; use a longer one`);
  }
  const streams = Math.max(1, Math.min(MOST_STREAMS, Math.floor(predictions / SHORTEST_STREAM)));
  const stretches = Array.from({ length: streams }, (_, stream) => ({
    from: Math.floor((stream * predictions) / streams),
    end: Math.floor(((stream + 1) * predictions) / streams),
  }));
  const start = await chooseStart(model, source, signal);
  const hidden = await startsOf(model, source, start, stretches, signal);
  if (signal?.aborted) return;
  const reading = new TextReading(model, source, hidden, stretches);
  try {
    for await (const done of reading.readStepwise()) yield done / reading.windows;
    const nats = (await reading.totals()).reduce((sum, total) => sum + total, 0);
    const natsPerChar = nats / predictions;
    yield { predictions, natsPerChar, bitsPerChar: natsPerChar / Math.LN2, perplexity: Math.exp(natsPerChar) };
  } finally {
    reading.dispose();
  }
}

/** Where each stream starts, (E, H): the first from the start itself, the others from what their run-up leaves. */
async function startsOf(
  model: TrainableModel,
  source: SymbolSource,
  { first, settled }: Start,
  stretches: readonly Stretch[],
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  if (stretches.length === 1) return first;
  const H = first.length;
  const before = Float32Array.from({ length: stretches.length * H }, (_, i) => settled[i % H]);
  // The first stream has nothing before it.
  const runUps = stretches.map(({ from }) => ({ from: Math.max(0, from - RUN_UP), end: from }));
  const { hidden } = await readStretches(model, source, before, runUps, { uncounted: RUN_UP, signal });
  hidden.set(first);
  return hidden;
}

/** `evaluateStepwise` in one go. @throws the signal's reason where it comes before the end. */
export async function evaluate(
  model: TrainableModel,
  symbols: SymbolSource | SymbolArray,
  signal?: AbortSignal,
): Promise<Evaluation> {
  for await (const step of evaluateStepwise(model, symbols, signal)) {
    if (typeof step === 'object') return step;
    signal?.throwIfAborted();
  }
  signal?.throwIfAborted();
  throw new Error('an evaluation must end with its result');
}
