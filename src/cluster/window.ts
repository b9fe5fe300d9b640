import { type Division, streamsOf } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import type { PartOfWindow } from './layout.js';

/** A window on the host, of all B streams. */
export type Window = Pick<PartOfWindow, 'rate' | 'inputs' | 'targets' | 'kept' | 'units'>;

/** The streams of a part. @param hidden (B, H) before the window, where it is to be among what is given. */
export function cutWindow(part: Span, division: Division, window: Window, hidden?: Float32Array): PartOfWindow {
  const { batchSize: B, hiddenSize: H, seqLength: T } = division.config;
  const { before, streams } = streamsOf(part, division);
  const columns = (symbols: Int32Array): Int32Array<ArrayBuffer> => {
    const cut = new Int32Array(T * streams);
    for (let t = 0; t < T; t++) cut.set(symbols.subarray(t * B + before, t * B + before + streams), t * streams);
    return cut;
  };
  return {
    ...window,
    inputs: columns(window.inputs),
    targets: columns(window.targets),
    kept: window.kept?.slice(before, before + streams),
    hidden: hidden && Float32Array.from(hidden.subarray(before * H, (before + streams) * H)),
  };
}
