import * as tf from '@tensorflow/tfjs-core';
import type { CompiledFunctions } from '../model/tensor/compile.js';
import {
  type Division,
  partialWindow,
  streamsOf,
  SUM_COUNT,
  sumsOf,
  windowSum,
} from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import { tensorShapes } from '../model/tensor/tensors.js';
import type { PartOfWindow, Work } from './layout.js';

// What the one that trains and its workers do alike: so that all come to the same weights.

/** What a part gives: a loss and 5 gradients of each of `sumsOf(part)`, and hidden (b, H) after the window. */
export interface PartResult {
  readonly part: Span;
  readonly sums: tf.Tensor[];
  readonly hidden: tf.Tensor2D;
}

/** Computes a part. @param parameters in the order of `PARAMETER_NAMES`. */
export function computePart(
  functions: CompiledFunctions,
  parameters: readonly tf.Tensor[],
  { part, window }: Pick<Work, 'part' | 'window'>,
  division: Division,
): PartResult {
  const { hidden, inputs, targets, units } = window;
  const { streams } = streamsOf(part, division);
  const given = [
    tf.tensor2d(hidden, [streams, division.config.hiddenSize]),
    tf.tensor1d(inputs, 'int32'),
    tf.tensor1d(targets, 'int32'),
    ...uploadUnits(units),
  ];
  const make = () => partialWindow(part, division, units !== undefined);
  const results = functions.run(`part ${nameOf(part)} ${units !== undefined}`, make, [...parameters, ...given]);
  tf.dispose(given);
  return { part, sums: results.slice(0, -1), hidden: results[results.length - 1] as tf.Tensor2D };
}

/** The sums of parts that are all shards together, added up: (loss, 5 gradients). They may be those of a part themselves. */
export function totalOf(
  functions: CompiledFunctions,
  parts: readonly Pick<PartResult, 'part' | 'sums'>[],
  division: Division,
): tf.Tensor[] {
  const all = parts.find(({ part }) => part.end - part.first === division.shards);
  if (all) return all.sums;
  const spans = parts.flatMap(({ part }) => sumsOf(part, division));
  const sums = parts.flatMap((each) => each.sums);
  return functions.run(`sum ${spans.map(nameOf).join(' ')}`, () => windowSum(spans, division), sums);
}

/** What `joinedWindow` is given beside the state. @param hiddens of the parts, in order. */
export function updateInputs(
  total: readonly tf.Tensor[],
  { rate, units }: Pick<PartOfWindow, 'rate' | 'units'>,
  hiddens: readonly tf.Tensor[],
): tf.Tensor[] {
  return [...total, tf.tensor1d([rate]), ...uploadUnits(units), ...hiddens];
}

/** Sums as they were sent, of one span or several. */
export function uploadSums(numbers: readonly Float32Array[], { config }: Division): tf.Tensor[] {
  const shapes = [[], ...tensorShapes(config)];
  return numbers.map((values, i) => tf.tensor(values, shapes[i % SUM_COUNT], 'float32'));
}

const uploadUnits = (units: Float32Array | undefined): tf.Tensor[] =>
  units ? [tf.tensor2d(units, [units.length, 1])] : [];

const nameOf = ({ first, end }: Span): string => `${first}-${end}`;
