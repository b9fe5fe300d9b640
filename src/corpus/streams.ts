import { UserError } from '../errors.js';
import type { SymbolArray } from './corpus.js';

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

  /** @throws UserError when a stream would have T + 1 symbols or fewer. */
  constructor(
    readonly symbols: SymbolArray,
    readonly batchSize: number,
    readonly seqLength: number,
    name: string,
  ) {
    this.streamLength = Math.floor(symbols.length / batchSize);
    if (this.streamLength <= seqLength + 1) throw new UserError(tooShort(symbols.length, batchSize, seqLength, name));
    this.windowsPerEpoch = Math.ceil((this.streamLength - seqLength - 1) / seqLength);
  }

  /** Where in each stream the window of a step (counted from 0, over all epochs) starts. */
  positionOf(step: number): number {
    return (step % this.windowsPerEpoch) * this.seqLength;
  }

  /**
   * Writes the windows of steps `step` to `step + count - 1` (all of one epoch), each time-major: the symbol of stream
   * b at time t of window w at index (w T + t) B + b.
   * @param inputs (count, T, B) symbols read; @param targets (count, T, B) the symbols that follow them.
   */
  fill(step: number, count: number, inputs: Int32Array, targets: Int32Array): void {
    const { symbols, batchSize: B, streamLength } = this;
    const start = this.positionOf(step);
    const times = count * this.seqLength;
    for (let b = 0; b < B; b++) {
      const from = b * streamLength + start;
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
