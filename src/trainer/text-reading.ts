import type { SymbolCursor, SymbolSource } from '../corpus/symbols.js';
import type { Evaluator, ReadableModel } from '../model/trainable-model.js';
import { Pauses } from '../system/pauses.js';
import { Lead } from './lead.js';

/** A stretch of a text that a stream reads: it predicts the symbols after positions `from` to `end` - 1. */
export interface Stretch {
  readonly from: number;
  readonly end: number;
}

/** Memory for reading ahead from a file, over all streams. */
const READ_AHEAD_BYTES = 8 * 2 ** 20;

/** Time steps in a window: as many as keep its logits (T, E, V) in memory that any machine has. */
const WINDOWS = [100, 50, 20, 10, 5, 2, 1] as const;
const MOST_LOGITS = 2 ** 24;

/** Streams that read stretches of a text side by side, the hidden state of each carried from window to window. */
export class TextReading {
  /** T of a window: a divisor of 100. */
  readonly window: number;
  /** Windows in the longest stretch; in shorter ones and past their ends, nothing counts and the state is of no use. */
  readonly windows: number;
  readonly #evaluator: Evaluator;
  readonly #cursors: readonly SymbolCursor[];
  readonly #inputs: Int32Array;
  readonly #targets: Int32Array;
  readonly #weights: Float32Array;

  /** @param hidden where each of E streams starts, (E, H); @param stretches one for each stream. */
  constructor(
    readonly model: ReadableModel,
    source: SymbolSource,
    hidden: Float32Array,
    readonly stretches: readonly Stretch[],
  ) {
    const streams = stretches.length;
    const rows = streams * model.config.vocabularySize;
    this.window = WINDOWS.find((times) => times * rows <= MOST_LOGITS) ?? 1;
    this.windows = Math.ceil(Math.max(...stretches.map(({ from, end }) => end - from)) / this.window);
    this.#evaluator = model.evaluator(hidden, this.window);
    this.#cursors = stretches.map(() => source.cursor(READ_AHEAD_BYTES / streams));
    const size = streams * this.window;
    [this.#inputs, this.#targets] = [new Int32Array(size), new Int32Array(size)];
    this.#weights = new Float32Array(size);
  }

  /** Reads the window of an index. @param counts whether its losses count. */
  #read(index: number, counts: boolean): void {
    const streams = this.stretches.length;
    this.stretches.forEach(({ from, end }, stream) => {
      const start = from + index * this.window;
      const count = Math.max(0, Math.min(this.window, end - start));
      const cursor = this.#cursors[stream];
      const first = count > 0 ? cursor.seek(start, count + 1) : 0;
      const { symbols } = cursor;
      for (let t = 0; t < this.window; t++) {
        const inside = t < count;
        const row = t * streams + stream;
        this.#inputs[row] = inside ? symbols[first + t] : 0;
        this.#targets[row] = inside ? symbols[first + t + 1] : 0;
        this.#weights[row] = inside && counts ? 1 : 0;
      }
    });
    this.#evaluator.add(this.#inputs, this.#targets, this.#weights);
  }

  /** Reads all windows, those before `uncounted` without counting them. Yields at each pause how many are done. */
  async *readStepwise(uncounted = 0): AsyncGenerator<number, void> {
    const pauses = new Pauses();
    const lead = new Lead(this.model);
    for (let index = 0; index < this.windows; index++) {
      this.#read(index, index >= uncounted);
      if (!lead.isFullAfterCall() && !pauses.isDue) continue;
      await lead.wait(() => this.model.settle?.());
      await pauses.pause();
      yield index + 1;
    }
  }

  /** Nats of each stream so far, (E). */
  totals(): Promise<Float32Array> {
    return this.#evaluator.totals();
  }

  /** The hidden state that each stream has come to, (E, H). */
  hidden(): Promise<Float32Array> {
    return this.#evaluator.hidden();
  }

  /** Frees what the reading holds. */
  dispose(): void {
    this.#evaluator.dispose();
  }
}

/** What `readStretches` may be given besides. */
export interface ReadingOptions {
  /** The first symbols of each stretch, a multiple of 100, whose losses do not count. */
  readonly uncounted?: number;
  /** Ends the reading early; what comes of it is of no use then. */
  readonly signal?: AbortSignal | undefined;
}

/** Reads stretches to their ends. @returns the nats of each stream and its hidden state at the end. */
export async function readStretches(
  model: ReadableModel,
  source: SymbolSource,
  hidden: Float32Array,
  stretches: readonly Stretch[],
  { uncounted = 0, signal }: ReadingOptions = {},
): Promise<{ totals: Float32Array; hidden: Float32Array }> {
  const reading = new TextReading(model, source, hidden, stretches);
  try {
    const steps = reading.readStepwise(uncounted / reading.window);
    while (!signal?.aborted && !(await steps.next()).done);
    return { totals: await reading.totals(), hidden: await reading.hidden() };
  } finally {
    reading.dispose();
  }
}
