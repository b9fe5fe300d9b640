import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig, WindowDraws } from '../trainable-model.js';
import type { TensorFunction } from './compile.js';
import { cut, joinHidden, type Span, shardsOf, spansIn, sumOfShards, sumOver } from './shards.js';
import { lossAndGradients, update } from './step.js';
import {
  type GradientTensors,
  listOf,
  listOfState,
  PARAMETER_COUNT,
  type ParameterTensors,
  parametersOf,
  stateOf,
} from './tensors.js';
import { type ModelSize, perParameter, type WindowSize } from '../parameters.js';

// A training window in parts, each computed by another machine from the same weights, and the parts joined: together
// the numbers of `trainWindows` for one window in as many shards, to the bit.

/** The shards of a window, of which a machine computes some. */
export interface Division {
  readonly config: ModelSize & WindowSize;
  /** Into how many shards the window's streams are cut. */
  readonly shards: number;
}

/** The streams of a part: how many come before them, and how many there are. */
export function streamsOf(part: Span, { config, shards }: Division): { before: number; streams: number } {
  const cuts = shardsOf(config.batchSize, shards).slice(part.first, part.end);
  return { before: cuts[0].firstStream, streams: cuts.reduce((sum, { streams }) => sum + streams, 0) };
}

const whole = ({ shards }: Division): Span => ({ first: 0, end: shards });

/** The sums that a part gives, in this order. */
export function sumsOf(part: Span, division: Division): Span[] {
  return spansIn(part, whole(division));
}

/**
 * A part of a window: (5 parameters, hidden (b, H), inputs (T b), targets (T b), draws), of the part's b streams → (loss,
 * 5 gradients) of each of `sumsOf(part)`, then hidden (b, H) after the window.
 * @param drawn which of `WindowDraws` there are, in order: kept (b, 1), units (H, 1).
 */
export function partialWindow(
  part: Span,
  division: Division,
  drawn: readonly (keyof WindowDraws)[] = [],
): TensorFunction {
  const { before } = streamsOf(part, division);
  const shards = shardsOf(division.config.batchSize, division.shards).slice(part.first, part.end);
  return (...tensors) => {
    const given = parametersOf(tensors);
    const [carried, inputs, targets, ...draws] = tensors.slice(PARAMETER_COUNT) as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D]; // prettier-ignore
    const drawnAs = (name: keyof WindowDraws): tf.Tensor | undefined => draws[drawn.indexOf(name)];
    const [kept, units] = [drawnAs('kept'), drawnAs('units')];
    const hidden = kept ? tf.mul<tf.Tensor2D>(carried, kept) : carried;
    const parameters = units ? { ...given, Whh: tf.mul<tf.Tensor2D>(given.Whh, units) } : given;
    const parts = shards.map(({ firstStream, streams }) => {
      const shard = { firstStream: firstStream - before, streams };
      const window = shards.length === 1 ? { hidden, inputs, targets } : cut(shard, { hidden, inputs, targets });
      return lossAndGradients(parameters, window, division.config.batchSize);
    });
    const sums = sumsOf(part, division).map((span) => sumOfShards(span, parts, part.first));
    return [...sums.flatMap(({ loss, gradients }) => [loss, ...listOf(gradients)]), joinHidden(parts)];
  };
}

/** The sum of a window: (loss, 5 gradients) of each of these spans, which together are all shards → (loss, 5 gradients). */
export function windowSum(spans: readonly Span[], division: Division): TensorFunction {
  return (...tensors) => {
    const { loss, gradients } = sumOfSpans(spans, division, tensors);
    return [loss, ...listOf(gradients)];
  };
}

/** @param tensors (loss, 5 gradients) of each of these spans, which together are all shards. */
function sumOfSpans(spans: readonly Span[], division: Division, tensors: readonly tf.Tensor[]): Sum {
  const sums = new Map(
    spans.map((span, i): [string, Sum] => {
      const [loss, ...gradients] = tensors.slice(i * SUM_COUNT, (i + 1) * SUM_COUNT);
      return [nameOf(span), { loss: loss as tf.Scalar, gradients: parametersOf(gradients) }];
    }),
  );
  return sumOver(whole(division), (span) => sums.get(nameOf(span)), plus);
}

/** How many tensors make up a sum: its loss and gradients. */
export const SUM_COUNT = 1 + PARAMETER_COUNT;

/**
 * The update by a window: (5 parameters, 5 memories, hidden (B, H), (loss, 5 gradients) of each of these spans, learning
 * rate (1), units (H, 1) where there are any, hidden (b, H) after the window of each part, in order) → (5 parameters, 5
 * memories, hidden (B, H), loss (1)).
 * @param spans which together are all shards. @param hasUnits whether the parts were computed with Whh multiplied by units.
 */
export function joinedWindow(
  config: Pick<ModelConfig, 'gradClip' | 'weightDecay'>,
  spans: readonly Span[],
  division: Division,
  hasUnits = false,
): TensorFunction {
  return (...tensors) => {
    const given = tensors.slice(2 * PARAMETER_COUNT + 1);
    const { loss, gradients } = sumOfSpans(spans, division, given.splice(0, spans.length * SUM_COUNT));
    const rate: tf.Scalar = tf.reshape(given[0], []);
    const units = hasUnits ? (given[1] as tf.Tensor2D) : undefined;
    const hiddens = given.slice(units ? 2 : 1).map((lastHidden) => ({ lastHidden: lastHidden as tf.Tensor2D }));
    const learned = { gradients, lastHidden: joinHidden(hiddens) };
    return [...listOfState(update(config, stateOf(tensors), learned, rate, units)), tf.reshape(loss, [1])];
  };
}

const nameOf = ({ first, end }: Span): string => `${first}-${end}`;

type Sum = Pick<GradientTensors, 'loss' | 'gradients'>;

function plus(a: Sum, b: Sum): Sum {
  const gradients = perParameter((name) => tf.add(a.gradients[name], b.gradients[name])) as ParameterTensors;
  return { loss: tf.add(a.loss, b.loss), gradients };
}
