import * as tf from '@tensorflow/tfjs-core';
import type { CompiledFunctions } from '../model/tensor/compile.js';
import {
  type Division,
  joinedWindow,
  partialWindow,
  SUM_COUNT,
  sumsOf,
  windowSum,
} from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import { tensorShapes } from '../model/tensor/tensors.js';
import type { ModelConfig } from '../model/trainable-model.js';
import type { PartOfWindow, Work } from './layout.js';

// What the one that trains and its workers do alike: so that all come to the same weights.

/** What a part gives: a loss and 5 gradients of each of `sumsOf(part)`, and hidden (b, H) after the window. */
export interface PartResult {
  readonly part: Span;
  readonly sums: tf.Tensor[];
  readonly hidden: tf.Tensor2D;
}

/** Computes a part. @param parameters in the order of `PARAMETER_NAMES`; @param hidden before the window, (b, H). */
export function computePart(
  functions: CompiledFunctions,
  parameters: readonly tf.Tensor[],
  hidden: tf.Tensor2D,
  { part, window }: Pick<Work, 'part' | 'window'>,
  division: Division,
): PartResult {
  const { inputs, targets, kept, units } = window;
  const drawn = (['kept', 'units'] as const).filter((name) => window[name]);
  const given = [
    tf.tensor1d(inputs, 'int32'),
    tf.tensor1d(targets, 'int32'),
    ...uploadColumn(kept),
    ...uploadColumn(units),
  ];
  const make = () => partialWindow(part, division, drawn);
  const name = ['part', nameOf(part), ...drawn].join(' ');
  const results = functions.run(name, make, [...parameters, hidden, ...given]);
  tf.dispose(given);
  return { part, sums: results.slice(0, -1), hidden: results[results.length - 1] as tf.Tensor2D };
}

/** The sums of shards, of all together where parts of them are added up. */
export type Sums = Pick<PartResult, 'part' | 'sums'>;

/** The sums of parts that are all shards together, added up: (loss, 5 gradients). */
export function totalOf(functions: CompiledFunctions, parts: readonly Sums[], division: Division): Sums {
  const spans = spansOf(parts, division);
  const sums = parts.flatMap((each) => each.sums);
  const part = { first: 0, end: division.shards };
  return { part, sums: functions.run(`sum ${spans.map(nameOf).join(' ')}`, () => windowSum(spans, division), sums) };
}

/** How weights are changed by a window. */
export interface Update {
  readonly settings: Pick<ModelConfig, 'gradClip' | 'weightDecay'>;
  /** Of parts that are all shards together. */
  readonly parts: readonly Sums[];
  readonly window: Pick<PartOfWindow, 'rate' | 'units'>;
  /** After the window, of each part, in order. */
  readonly hiddens: readonly tf.Tensor2D[];
}

/** The update as a function, with its name and what it is given beside the state: see `joinedWindow`. */
export function updateBy({ settings, parts, window: { rate, units }, hiddens }: Update, division: Division) {
  const spans = spansOf(parts, division);
  const { gradClip, weightDecay } = settings;
  const name = ['join', ...spans.map(nameOf), hiddens.length, gradClip, weightDecay, units !== undefined].join(' ');
  const make = () => joinedWindow(settings, spans, division, units !== undefined);
  const sums = parts.flatMap((each) => each.sums);
  return { name, make, given: [...sums, tf.tensor1d([rate]), ...uploadColumn(units), ...hiddens] };
}

function spansOf(parts: readonly Sums[], division: Division): Span[] {
  return parts.flatMap(({ part }) => sumsOf(part, division));
}

/** Sums as they were sent, of one span or several. */
export function uploadSums(numbers: readonly Float32Array[], { config }: Division): tf.Tensor[] {
  const shapes = [[], ...tensorShapes(config)];
  return numbers.map((values, i) => tf.tensor(values, shapes[i % SUM_COUNT], 'float32'));
}

const uploadColumn = (values: Float32Array | undefined): tf.Tensor[] =>
  values ? [tf.tensor2d(values, [values.length, 1])] : [];

const nameOf = ({ first, end }: Span): string => `${first}-${end}`;
