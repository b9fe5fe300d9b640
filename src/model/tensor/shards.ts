import * as tf from '@tensorflow/tfjs-core';

/** Neighbouring streams of a batch, computed on their own. */
export interface Shard {
  readonly firstStream: number;
  readonly streams: number;
}

/** Cuts B streams into `count` shards whose sizes differ by one at most. */
export function shardsOf(batchSize: number, count: number): Shard[] {
  const starts = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * batchSize) / count));
  return starts.slice(1).map((end, i) => ({ firstStream: starts[i], streams: end - starts[i] }));
}

/** A shard's rows of a hidden state (B, H). */
export function hiddenOf({ firstStream, streams }: Shard, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.slice(hidden, [firstStream, 0], [streams, hidden.shape[1]]);
}

/** A shard's symbols of a window's (T B), time-major. */
export function symbolsOf({ firstStream, streams }: Shard, symbols: tf.Tensor1D, batchSize: number): tf.Tensor1D {
  const times = symbols.size / batchSize;
  const rows = tf.slice(tf.reshape(symbols, [times, batchSize]), [0, firstStream], [times, streams]);
  return tf.reshape(rows, [times * streams]);
}
