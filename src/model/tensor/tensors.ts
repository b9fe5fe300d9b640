import * as tf from '@tensorflow/tfjs-core';
import {
  parameterShapes,
  type ModelSize,
  type ParameterName,
  PARAMETER_NAMES,
  type TrainingState,
} from '../parameters.js';
import type { RunOn } from './compile.js';

/**
 * The model's weights as tensors. They are kept input-major, the transpose of the specification's matrices, so that a
 * step is `row · matrix`, an input symbol is a row to gather, and no forward product needs a transpose:
 * Wxh (V, H), Whh (H, H) from h_{t-1} to h_t, Why (H, V), bh (H), by (V).
 */
export interface ParameterTensors {
  Wxh: tf.Tensor2D;
  Whh: tf.Tensor2D;
  Why: tf.Tensor2D;
  bh: tf.Tensor1D;
  by: tf.Tensor1D;
}

/** What a training step changes: parameters, Adagrad's memories, and the hidden state (B, H) before the next window. */
export interface StateTensors {
  parameters: ParameterTensors;
  memories: ParameterTensors;
  hidden: tf.Tensor2D;
}

/** A window to learn from, of all B streams or of some: T steps one below the other. */
export interface WindowTensors {
  /** The state before the window, (B, H). */
  hidden: tf.Tensor2D;
  /** Symbols to read, (T B), time-major. */
  inputs: tf.Tensor1D;
  /** The symbols that follow them, (T B). */
  targets: tf.Tensor1D;
}

/** What a window gives. */
export interface GradientTensors {
  /** Nats, summed over T, averaged over all streams. */
  loss: tf.Scalar;
  /** Not clipped. */
  gradients: ParameterTensors;
  /** The state after the window, (B, H). */
  lastHidden: tf.Tensor2D;
}

/** How many tensors make up the parameters, and the memories. */
export const PARAMETER_COUNT = PARAMETER_NAMES.length;

/** How many make up the state: parameters, memories, hidden. */
export const STATE_COUNT = 2 * PARAMETER_COUNT + 1;

/** The tensors of `ParameterTensors`, in the order of `PARAMETER_NAMES`. */
export function listOf(tensors: ParameterTensors): tf.Tensor[] {
  return PARAMETER_NAMES.map((name) => tensors[name]);
}

/** The inverse of `listOf`, for the results and arguments of a tensor function. */
export function parametersOf(list: readonly tf.Tensor[]): ParameterTensors {
  const [Wxh, Whh, Why, bh, by] = list;
  return {
    Wxh: Wxh as tf.Tensor2D,
    Whh: Whh as tf.Tensor2D,
    Why: Why as tf.Tensor2D,
    bh: bh as tf.Tensor1D,
    by: by as tf.Tensor1D,
  };
}

/** The shapes of those tensors, in that order: the transposes of the specification's. */
export function tensorShapes(size: ModelSize): number[][] {
  const shapes = parameterShapes(size);
  return PARAMETER_NAMES.map((name) => [...shapes[name]].reverse());
}

/** The tensors of `StateTensors` as a list: 5 parameters, 5 memories, hidden. */
export function listOfState({ parameters, memories, hidden }: StateTensors): tf.Tensor[] {
  return [...listOf(parameters), ...listOf(memories), hidden];
}

/** The inverse of `listOfState`. */
export function stateOf(list: readonly tf.Tensor[]): StateTensors {
  return {
    parameters: parametersOf(list),
    memories: parametersOf(list.slice(PARAMETER_COUNT)),
    hidden: list[2 * PARAMETER_COUNT] as tf.Tensor2D,
  };
}

/** Uploads one parameter (or memory) given in the specification's orientation. */
export function upload(name: ParameterName, values: Float32Array, size: ModelSize): tf.Tensor {
  const shape = parameterShapes(size)[name];
  return tf.tidy(() => {
    const tensor = tf.tensor(values.slice(), [...shape], 'float32');
    return shape.length === 1 ? tensor : tf.transpose(tensor);
  });
}

/** Reads tensors back in the specification's orientation, copied out of the backend. @param run on their backend. */
export async function download(tensors: readonly tf.Tensor[], run: RunOn): Promise<TrainingState['parameters']> {
  const values = await Promise.all(
    tensors.map(async (tensor) => {
      const oriented = run(() => tf.tidy(() => (tensor.rank === 1 ? tensor.clone() : tf.transpose(tensor))));
      const data = Float32Array.from(await oriented.data<'float32'>());
      oriented.dispose();
      return data;
    }),
  );
  return Object.fromEntries(PARAMETER_NAMES.map((name, i) => [name, values[i]])) as TrainingState['parameters'];
}
