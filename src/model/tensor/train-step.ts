import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../trainable-model.js';
import { adagrad } from './adagrad.js';
import { backward } from './backward.js';
import { forward } from './forward.js';
import { softmaxCrossEntropy, weightedLoss } from './loss.js';
import { hiddenOf, shardsOf, symbolsOf } from './shards.js';
import { listOf, parametersOf } from './tensors.js';

/** A pure function of tensors: no reading of values, no state, so that it can be run as it is or traced once. */
export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor[];

/** How many tensors make up the parameters, and the memories. */
export const PARAMETER_COUNT = 5;

/**
 * K training windows one after another:
 * (5 parameters, 5 memories, hidden (B, H), inputs (K T B), targets (K T B), learning rates (K))
 * → (5 parameters, 5 memories, hidden (B, H), losses (K)).
 * @param shards parts that each window's streams are cut into; a graph runs them side by side.
 */
export function trainWindows(config: ModelConfig, windows: number, shards = 1): TensorFunction {
  return (...tensors) => {
    let state = tensors.slice(0, 2 * PARAMETER_COUNT + 1);
    const [inputs, targets, rates] = tensors.slice(state.length);
    const losses: tf.Tensor[] = [];
    for (let window = 0; window < windows; window++) {
      const { next, loss } = trainWindow(
        config,
        shards,
        state,
        part(inputs, window, windows),
        part(targets, window, windows),
        tf.reshape(part(rates, window, windows), []),
      );
      state = next;
      losses.push(tf.reshape(loss, [1]));
    }
    return [...state, windows === 1 ? losses[0] : tf.concat(losses)];
  };
}

function trainWindow(
  config: ModelConfig,
  shards: number,
  state: readonly tf.Tensor[],
  inputs: tf.Tensor1D,
  targets: tf.Tensor1D,
  learningRate: tf.Scalar,
): { next: tf.Tensor[]; loss: tf.Scalar } {
  const parameters = state.slice(0, PARAMETER_COUNT);
  const memories = state.slice(PARAMETER_COUNT, 2 * PARAMETER_COUNT);
  const hidden = state[2 * PARAMETER_COUNT] as tf.Tensor2D;
  const { loss, gradients, lastHidden } = shardedGradients(config, shards, parameters, hidden, inputs, targets);
  const updated = parameters.map((parameter, i) =>
    adagrad(parameter, memories[i], clip(gradients[i], config.gradClip), learningRate),
  );
  const next = [...updated.map(({ parameter }) => parameter), ...updated.map(({ memory }) => memory), lastHidden];
  return { next, loss };
}

interface WindowResult {
  /** Of the streams that were computed, averaged over all B. */
  loss: tf.Scalar;
  gradients: tf.Tensor[];
  lastHidden: tf.Tensor2D;
}

/** As `lossAndGradients`, each shard of the streams on its own and then summed. */
function shardedGradients(
  config: ModelConfig,
  shards: number,
  parameters: readonly tf.Tensor[],
  hidden: tf.Tensor2D,
  inputs: tf.Tensor1D,
  targets: tf.Tensor1D,
): WindowResult {
  if (shards === 1) return lossAndGradients(config, parameters, hidden, inputs, targets);
  const { batchSize } = config;
  const parts = shardsOf(batchSize, shards).map((shard) =>
    lossAndGradients(
      config,
      parameters,
      hiddenOf(shard, hidden),
      symbolsOf(shard, inputs, batchSize),
      symbolsOf(shard, targets, batchSize),
    ),
  );
  return {
    loss: tf.addN(parts.map(({ loss }) => loss)),
    gradients: parameters.map((_, i) => tf.addN(parts.map(({ gradients }) => gradients[i]))),
    lastHidden: tf.concat(parts.map(({ lastHidden }) => lastHidden)),
  };
}

/** @param hidden of some of the B streams, or of all; @param inputs of these streams, as @param targets. */
function lossAndGradients(
  config: ModelConfig,
  parameterList: readonly tf.Tensor[],
  hidden: tf.Tensor2D,
  inputs: tf.Tensor1D,
  targets: tf.Tensor1D,
): WindowResult {
  const parameters = parametersOf(parameterList);
  const pass = forward(parameters, hidden, inputs);
  const { loss, dLogits } = softmaxCrossEntropy(pass.logits, targets, config.batchSize);
  const gradients = listOf(backward(parameters, pass, dLogits, inputs));
  return { loss, gradients, lastHidden: pass.hiddens.last };
}

/** (5 parameters, hidden, inputs, targets) → (5 gradients, unclipped; loss). */
export function windowGradients(config: ModelConfig): TensorFunction {
  return (...tensors) => {
    const [hidden, inputs, targets] = tensors.slice(PARAMETER_COUNT);
    const { loss, gradients } = lossAndGradients(
      config,
      tensors.slice(0, PARAMETER_COUNT),
      hidden as tf.Tensor2D,
      inputs as tf.Tensor1D,
      targets as tf.Tensor1D,
    );
    return [...gradients, loss];
  };
}

/** (5 parameters, hidden, total, inputs, targets, weights) → (hidden, total + weighted loss); forward only. */
export function evaluateWindow(): TensorFunction {
  return (...tensors) => {
    const parameters = parametersOf(tensors);
    const [hidden, total, inputs, targets, weights] = tensors.slice(PARAMETER_COUNT);
    const { hiddens, logits } = forward(parameters, hidden as tf.Tensor2D, inputs as tf.Tensor1D);
    const loss = weightedLoss(logits, targets as tf.Tensor1D, weights as tf.Tensor1D);
    return [hiddens.last, tf.add(total, loss)];
  };
}

/** Clips element by element to [-limit, limit]; 0 leaves the gradient as it is. */
function clip(gradient: tf.Tensor, limit: number): tf.Tensor {
  return limit > 0 ? tf.clipByValue(gradient, -limit, limit) : gradient;
}

/** The `index`-th of `count` equal parts of a vector. */
function part(vector: tf.Tensor, index: number, count: number): tf.Tensor1D {
  const size = vector.shape[0] / count;
  return count === 1 ? (vector as tf.Tensor1D) : tf.slice(vector as tf.Tensor1D, [index * size], [size]);
}
