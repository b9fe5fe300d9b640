// Peer "tf.layers.simpleRNN": the model as one would build it from TensorFlow.js's own layers, trained with its
// automatic gradients and its Adagrad on tfjs-node.
import type { NamedTensorMap, Sequential, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node';
import { serve, timed } from '../../src/bench/protocol.js';
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { type ChildSettings, parseChildArguments, readFloats } from '../settings.js';
import { loadTensorflow, type Tensorflow } from './tensorflow.js';

const CLIP = 5;
/** Under the root, beside the squares of all gradients so far. */
const ADAGRAD_EPSILON = 1e-8;

/** B streams of T one-hot characters, (B,T,V), to logits (B,T,V); the hidden state stays in the first layer. */
function buildModel(tf: Tensorflow, { batchSize, seqLength, hiddenSize }: ChildSettings, V: number): Sequential {
  const normal = (seed: number) => tf.initializers.randomNormal({ mean: 0, stddev: 0.01, seed });
  const recurrent = tf.layers.simpleRNN({
    units: hiddenSize,
    returnSequences: true,
    stateful: true,
    batchInputShape: [batchSize, seqLength, V],
    kernelInitializer: normal(1),
    recurrentInitializer: normal(2),
  });
  const output = tf.layers.dense({ units: V, kernelInitializer: normal(3) });
  return tf.sequential({ layers: [recurrent, output] });
}

/** Sets the weights from a file in the specification's order and orientation; the layers' are its transposes. */
async function loadWeights(tf: Tensorflow, model: Sequential, path: string, H: number, V: number): Promise<void> {
  const flat = await readFloats(path);
  const part = (from: number, rows: number, columns: number) =>
    tf.tensor2d(flat.subarray(from, from + rows * columns), [rows, columns]).transpose();
  const wxh = part(0, H, V);
  const whh = part(H * V, H, H);
  const why = part(H * V + H * H, V, H);
  model.setWeights([wxh, whh, tf.zeros([H]), why, tf.zeros([V])]);
}

/** Trains on one window after another; `targets` and `inputs` are (T,B), as `Streams` fills them. */
class LayersTrainer {
  readonly #optimizer;
  readonly #variables: Variable[];
  #step = 0;

  constructor(
    readonly tf: Tensorflow,
    readonly model: Sequential,
    readonly streams: Streams,
    readonly settings: ChildSettings,
    readonly vocabularySize: number,
  ) {
    // TensorFlow.js adds the backend's epsilon (1e-7) under the root; with this start the two make the algorithm's.
    this.#optimizer = tf.train.adagrad(settings.learningRate, ADAGRAD_EPSILON - tf.backend().epsilon());
    // Each layer variable wraps a core variable, which is what gradients are taken for.
    this.#variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  }

  /** The last step's loss: nats summed over the window, averaged over streams. */
  run(steps: number): number {
    for (let i = 1; i < steps; i++) this.#trainStep().dispose();
    const loss = this.#trainStep();
    const value = loss.dataSync()[0] ?? NaN;
    loss.dispose();
    return value;
  }

  #trainStep(): Tensor {
    const { tf, settings, streams } = this;
    if (streams.positionOf(this.#step) === 0) this.model.resetStates();
    const size = settings.seqLength * settings.batchSize;
    const inputs = new Int32Array(size);
    const targets = new Int32Array(size);
    streams.fill(this.#step++, 1, inputs, targets);
    return tf.tidy(() => {
      const x = this.#oneHot(inputs);
      const y = this.#oneHot(targets);
      const { value, grads } = tf.variableGrads(() => this.#loss(x, y), this.#variables);
      this.#optimizer.applyGradients(this.#clip(grads));
      return value;
    });
  }

  #loss(x: Tensor, y: Tensor) {
    const logits = this.model.apply(x, { training: true }) as Tensor;
    return this.tf.losses.softmaxCrossEntropy(y, logits).mul(this.settings.seqLength).asScalar();
  }

  #clip(grads: NamedTensorMap): { name: string; tensor: Tensor }[] {
    return Object.entries(grads).map(([name, grad]) => ({ name, tensor: grad.clipByValue(-CLIP, CLIP) }));
  }

  /** (T,B) indices as one-hot (B,T,V). */
  #oneHot(indices: Int32Array): Tensor {
    const { tf, settings } = this;
    const rows: Tensor2D = tf.tensor2d(indices, [settings.seqLength, settings.batchSize], 'int32').transpose();
    return tf.oneHot(rows, this.vocabularySize).toFloat();
  }
}

const { settings } = parseChildArguments(process.argv.slice(2));
const tf = await loadTensorflow();
if (tf) {
  const corpus = await readCorpus(settings.corpus, 'utf-8');
  const V = corpus.vocabulary.size;
  const streams = new Streams(corpus.symbols, settings.batchSize, settings.seqLength, corpus.name);
  const model = buildModel(tf, settings, V);
  if (settings.weights) await loadWeights(tf, model, settings.weights, settings.hiddenSize, V);
  const trainer = new LayersTrainer(tf, model, streams, settings, V);
  const identity = {
    name: 'tf.layers.simpleRNN',
    version: tf.version['tfjs-node'],
    details: { backend: tf.getBackend() },
  };
  await serve(identity, { run: timed((steps) => trainer.run(steps)) });
}
