import { type Division, streamsOf } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import type { PartOfWindow } from './layout.js';

/** A window on the host, of all B streams. */
export type Window = Pick<PartOfWindow, 'rate' | 'inputs' | 'targets' | 'units'> & {
  /** (B), see `WindowDraws`. */
  readonly kept: Float32Array | undefined;
};

/** The streams of a part. @param hidden (B, H) before the window. */
export function cutWindow(part: Span, division: Division, hidden: Float32Array, window: Window): PartOfWindow {
  const { batchSize: B, hiddenSize: H, seqLength: T } = division.config;
  const { before, streams } = streamsOf(part, division);
  const columns = (symbols: Int32Array): Int32Array<ArrayBuffer> => {
    const cut = new Int32Array(T * streams);
    for (let t = 0; t < T; t++) cut.set(symbols.subarray(t * B + before, t * B + before + streams), t * streams);
    return cut;
  };
  const { rate, inputs, targets, kept, units } = window;
  const some = Float32Array.from(hidden.subarray(before * H, (before + streams) * H));
  const factors = kept?.subarray(before, before + streams);
  return {
    hidden: factors ? byRow(some, factors) : some,
    inputs: columns(inputs),
    targets: columns(targets),
    rate,
    units,
  };
}

/** Each row of a matrix multiplied by a number of its own, as a graph does it. @param factors one a row. */
function byRow(matrix: Float32Array, factors: Float32Array): Float32Array<ArrayBuffer> {
  const columns = matrix.length / factors.length;
  return Float32Array.from(matrix, (value, i) => value * factors[Math.floor(i / columns)]);
}
