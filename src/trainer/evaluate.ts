import { Pauses } from '../system/pauses.js';
import { sourceOf, type SymbolArray, type SymbolCursor, type SymbolSource } from '../corpus/symbols.js';
import type { TrainableModel } from '../model/trainable-model.js';
import { UserError } from '../errors.js';
import { Lead } from './lead.js';

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

/** Time steps in a window of the evaluation; the hidden state is carried from window to window. */
const WINDOW = 100;

/** A text is read as up to this many streams side by side, each of at least `SHORTEST_STREAM` symbols. */
const MOST_STREAMS = 32;
const SHORTEST_STREAM = 10_000;

/** Memory for reading ahead from a file, over all streams. */
const READ_AHEAD_BYTES = 8 * 2 ** 20;

/**
 * Reads a text through and averages -ln p of every symbol but the first. The hidden state starts where training stands
 * and is carried through; a text of 20,000 symbols and more is read as up to 32 contiguous streams side by side, each
 * with its own state, which costs the first few symbols of each stream their context. The model's training state stays as it is.
 * Yields the fraction done now and then, and at last the evaluation.
 * @throws UserError for a text of fewer than 2 symbols.
 */
export async function* evaluateStepwise(
  model: TrainableModel,
  symbols: SymbolSource | SymbolArray,
): AsyncGenerator<number | Evaluation, void> {
  const predictions = symbols.length - 1;
  if (predictions < 1) {
    throw new UserError(`a text to evaluate must have 2 symbols or more, but has ${symbols.length}; use a longer one`);
  }
  const streams = Math.max(1, Math.min(MOST_STREAMS, Math.floor(predictions / SHORTEST_STREAM)));
  const windows = Math.ceil(Math.ceil(predictions / streams) / WINDOW);
  const evaluator = model.evaluator(streams, WINDOW);
  const batch = emptyBatch(streams * WINDOW);
  const source = sourceOf(symbols);
  const cursors = Array.from({ length: streams }, () => source.cursor(READ_AHEAD_BYTES / streams));
  try {
    const pauses = new Pauses();
    const lead = new Lead(model);
    for (let window = 0; window < windows; window++) {
      fill(batch, cursors, predictions, window * WINDOW);
      evaluator.add(batch.inputs, batch.targets, batch.weights);
      if (!lead.isFullAfterCall() && !pauses.isDue) continue;
      await lead.wait(() => model.settle?.());
      await pauses.pause();
      yield (window + 1) / windows;
    }
    const natsPerChar = (await evaluator.total()) / predictions;
    yield { predictions, natsPerChar, bitsPerChar: natsPerChar / Math.LN2, perplexity: Math.exp(natsPerChar) };
  } finally {
    evaluator.dispose();
  }
}

/** `evaluateStepwise` in one go. */
export async function evaluate(model: TrainableModel, symbols: SymbolSource | SymbolArray): Promise<Evaluation> {
  for await (const step of evaluateStepwise(model, symbols)) if (typeof step === 'object') return step;
  throw new Error('an evaluation must end with its result');
}

interface Batch {
  inputs: Int32Array;
  targets: Int32Array;
  weights: Float32Array;
}

function emptyBatch(size: number): Batch {
  return { inputs: new Int32Array(size), targets: new Int32Array(size), weights: new Float32Array(size) };
}

/** Stream s predicts the symbols after positions ⌊s n / S⌋ to ⌊(s + 1) n / S⌋ - 1; past its end weights are 0. */
function fill(batch: Batch, cursors: readonly SymbolCursor[], predictions: number, offset: number): void {
  const streams = cursors.length;
  cursors.forEach((cursor, stream) => {
    const from = Math.floor((stream * predictions) / streams) + offset;
    const end = Math.floor(((stream + 1) * predictions) / streams);
    const count = Math.max(0, Math.min(WINDOW, end - from));
    const first = count > 0 ? cursor.seek(from, count + 1) : 0;
    const { symbols } = cursor;
    for (let t = 0; t < WINDOW; t++) {
      const inside = t < count;
      const row = t * streams + stream;
      batch.inputs[row] = inside ? symbols[first + t] : 0;
      batch.targets[row] = inside ? symbols[first + t + 1] : 0;
      batch.weights[row] = inside ? 1 : 0;
    }
  });
}
