import * as tf from '@tensorflow/tfjs-core';
import { perParameter } from '../parameters.js';
import type { GradientTensors, ParameterTensors, WindowTensors } from './tensors.js';

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

/**
 * Computes each shard of a window's streams on its own, which a graph does side by side, and sums what they give.
 * @param compute gives a shard's loss and gradients as its part of the whole window's.
 */
export function inShards(
  count: number,
  window: WindowTensors,
  compute: (shard: WindowTensors) => GradientTensors,
): GradientTensors {
  if (count === 1) return compute(window);
  const parts = shardsOf(window.hidden.shape[0], count).map((shard) => compute(cut(shard, window)));
  return {
    loss: tf.addN(parts.map(({ loss }) => loss)),
    gradients: perParameter((name) => tf.addN(parts.map(({ gradients }) => gradients[name]))) as ParameterTensors,
    lastHidden: tf.concat(parts.map(({ lastHidden }) => lastHidden)),
  };
}

function cut({ firstStream, streams }: Shard, { hidden, inputs, targets }: WindowTensors): WindowTensors {
  const [B, H] = hidden.shape;
  const columns = (symbols: tf.Tensor1D): tf.Tensor1D => {
    const T = symbols.size / B;
    return tf.reshape(tf.slice(tf.reshape(symbols, [T, B]), [0, firstStream], [T, streams]), [T * streams]);
  };
  return {
    hidden: tf.slice(hidden, [firstStream, 0], [streams, H]),
    inputs: columns(inputs),
    targets: columns(targets),
  };
}
