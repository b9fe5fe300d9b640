import { UserError } from '../errors.js';
import { type SymbolArray, type SymbolCursor, sourceOf, type SymbolSource } from './symbols.js';

/** Memory for reading ahead from a file, over all streams; a single one needs less. */
const READ_AHEAD_BYTES = 16 * 2 ** 20;
const MOST_BYTES_A_STREAM = 2 ** 20;

/**
 * A text cut into B contiguous streams of equal length, read in windows of T symbols side by side.
 * For B = 1 this is the minimal program's loop to the letter: windows start at 0, T, 2T, ... while position + T + 1 is
 * inside the text; then an epoch is over, the position goes back to 0 and the hidden state to zeros.
 */
export class Streams {
  /** Symbols in each stream; what does not divide by B is left off at the end. */
  readonly streamLength: number;
  /** Windows in one pass over the text. */
  readonly windowsPerEpoch: number;

  /** One place to read from for each stream. */
  readonly #cursors: readonly SymbolCursor[];

  /** @throws UserError when a stream would have T + 1 symbols or fewer. */
  constructor(
    symbols: SymbolSource | SymbolArray,
    readonly batchSize: number,
    readonly seqLength: number,
    name: string,
  ) {
    this.streamLength = Math.floor(symbols.length / batchSize);
    if (this.streamLength <= seqLength + 1) throw new UserError(tooShort(symbols.length, batchSize, seqLength, name));
    this.windowsPerEpoch = Math.ceil((this.streamLength - seqLength - 1) / seqLength);
    const source = sourceOf(symbols);
    const bytes = Math.min(MOST_BYTES_A_STREAM, READ_AHEAD_BYTES / batchSize);
    this.#cursors = Array.from({ length: batchSize }, () => source.cursor(bytes));
  }

  /** Where in each stream the window of a step (counted from 0, over all epochs) starts. */
  positionOf(step: number): number {
    return (step % this.windowsPerEpoch) * this.seqLength;
  }

  /** How far each stream has been read after so many steps: after the last window of an epoch, to the window's end. */
  positionAfter(steps: number): number {
    return steps === 0 ? 0 : this.positionOf(steps - 1) + this.seqLength;
  }

  /** The symbol that follows what the first stream has read in so many steps. */
  symbolAfter(steps: number): number {
    const [cursor] = this.#cursors;
    return cursor.symbols[cursor.seek(this.positionAfter(steps), 1)];
  }

  /**
   * Writes the windows of steps `step` to `step + count - 1` (all of one epoch), each time-major: the symbol of stream
   * b at time t of window w at index (w T + t) B + b.
   * @param inputs (count, T, B) symbols read; @param targets (count, T, B) the symbols that follow them.
   */
  fill(step: number, count: number, inputs: Int32Array, targets: Int32Array): void {
    const { batchSize: B, streamLength } = this;
    const start = this.positionOf(step);
    const times = count * this.seqLength;
    for (let b = 0; b < B; b++) {
      const cursor = this.#cursors[b];
      const from = cursor.seek(b * streamLength + start, times + 1);
      const { symbols } = cursor;
      for (let t = 0; t < times; t++) {
        inputs[t * B + b] = symbols[from + t];
        targets[t * B + b] = symbols[from + t + 1];
      }
    }
  }
}

function tooShort(length: number, batchSize: number, seqLength: number, name: string): string {
  const each = batchSize === 1 ? '' : ` in each of ${batchSize} streams`;
  const batch = batchSize === 1 ? '' : ' or --batch-size';
  return (
    `the text must have more than ${seqLength + 1} symbols (--seq-length + 1)${each}, but '${name}' has ${length}; ` +
    `use a longer text or a smaller --seq-length${batch}`
  );
}
