import * as tf from '@tensorflow/tfjs-core';
import { perParameter } from '../parameters.js';
import { inPlace } from './places.js';
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

/** Neighbouring shards of a window, from `first` to before `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/**
 * The sum over the shards of a span: of its two halves, and so on down to what is there. The order depends on the span
 * alone, so that a sum is the same to the bit whoever has computed its parts.
 * @param known the sum over a span that is there already.
 */
export function sumOver<Sum>(span: Span, known: (span: Span) => Sum | undefined, add: (a: Sum, b: Sum) => Sum): Sum {
  const there = known(span);
  if (there !== undefined) return there;
  const [left, right] = halves(span);
  return add(sumOver(left, known, add), sumOver(right, known, add));
}

/** The fewest sums that `sumOver` the whole needs of a part of it: what one who computes that part adds up. */
export function spansIn(part: Span, whole: Span): Span[] {
  if (part.first <= whole.first && whole.end <= part.end) return [whole];
  if (whole.end <= part.first || part.end <= whole.first) return [];
  return halves(whole).flatMap((half) => spansIn(part, half));
}

function halves({ first, end }: Span): [Span, Span] {
  const middle = first + Math.ceil((end - first) / 2);
  return [
    { first, end: middle },
    { first: middle, end },
  ];
}

/** The sum of losses and gradients over a span of shards. @param parts of the shards from the `from`th on. */
export function sumOfShards(
  span: Span,
  parts: readonly GradientTensors[],
  from = 0,
): Omit<GradientTensors, 'lastHidden'> {
  const sum = <T extends tf.Tensor>(pick: (part: GradientTensors) => T): T =>
    sumOver<T>(
      span,
      ({ first, end }) => (end - first === 1 ? pick(parts[first - from]) : undefined),
      (a, b) => tf.add(a, b),
    );
  return {
    loss: sum(({ loss }) => loss),
    gradients: perParameter((name) => sum(({ gradients }) => gradients[name])) as ParameterTensors,
  };
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
  const parts = shardsOf(window.hidden.shape[0], count).map((shard, i) =>
    inPlace(i, () => compute(cut(shard, window))),
  );
  return { ...sumOfShards({ first: 0, end: count }, parts), lastHidden: joinHidden(parts) };
}

/** The states after a window of neighbouring shards as one: a tensor of its own, also where there is one shard only. */
export function joinHidden(parts: readonly Pick<GradientTensors, 'lastHidden'>[]): tf.Tensor2D {
  const [{ lastHidden }] = parts;
  return parts.length === 1
    ? tf.slice(lastHidden, [0, 0], lastHidden.shape)
    : tf.concat(parts.map((part) => part.lastHidden));
}

/** The streams of a shard. */
export function cut({ firstStream, streams }: Shard, { hidden, inputs, targets }: WindowTensors): WindowTensors {
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
