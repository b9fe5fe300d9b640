import type { ModelConfig } from '../trainable-model.js';
import { DECAYED, PARAMETER_NAMES, parameterShapes, type PerParameter, perParameter, sizeOf } from '../parameters.js';
import { addColumnSums, addMultiply, addMultiplyTransposed, addTransposedMultiply, matrix } from './matrix.js';
import type { FloatArray } from './tiles.js';

/** Float32Array for use, Float64Array for checking: both make arrays of zeros or copies. */
export type FloatArrayConstructor = { new (length: number): FloatArray; from(values: ArrayLike<number>): FloatArray };

/**
 * The whole algorithm in plain TypeScript, the judge of every fast version: a vanilla tanh RNN with hand-written
 * backpropagation through time and Adagrad. B streams, T time steps, H hidden units, V symbols; row t B + b of a
 * sequence array belongs to stream b at time t. All buffers are made once.
 */
export class ReferenceRnn {
  /** Loss of the last forward sweep: nats summed over T, averaged over B. */
  loss = 0;
  readonly gradients: PerParameter<FloatArray>;
  /** Hidden states, (T + 1, B, H): row block 0 is the state before the window, block T the state after it. */
  readonly hiddens: FloatArray;
  /** -ln p_target of each row of the last forward sweep, (T B). */
  readonly rowLosses: FloatArray;
  /** Softmax probabilities, (T B, V); the backward sweep turns them into dLoss/dLogits in place. */
  readonly probabilities: FloatArray;
  /** dLoss/dh and then dLoss/d(pre-activation), (T B, H). */
  readonly #dHiddens: FloatArray;
  /** Whh as a window uses it that drops units; made when the first does. */
  #droppedWhh: FloatArray | undefined;

  /**
   * @param parameters shaped as `parameterShapes`, changed in place by `update`
   * @param memories Adagrad's sums of squared gradients, changed in place by `update`
   * @param hidden (B, H) hidden state before the first window
   */
  constructor(
    readonly config: ModelConfig,
    readonly parameters: PerParameter<FloatArray>,
    readonly memories: PerParameter<FloatArray>,
    hidden: ArrayLike<number>,
    Floats: FloatArrayConstructor = Float32Array,
  ) {
    const { batchSize: B, seqLength: T, hiddenSize: H, vocabularySize: V } = config;
    const shapes = parameterShapes(config);
    this.gradients = perParameter((name) => new Floats(sizeOf(shapes[name])));
    this.hiddens = new Floats((T + 1) * B * H);
    this.hiddens.set(hidden);
    this.rowLosses = new Floats(T * B);
    this.probabilities = new Floats(T * B * V);
    this.#dHiddens = new Floats(T * B * H);
  }

  /** Sets the state before the next window to zeros in the streams that are not kept. @param kept (B), 0 or 1. */
  keepStreams(kept: ArrayLike<number>): void {
    const { batchSize: B, hiddenSize: H } = this.config;
    for (let b = 0; b < B; b++) if (kept[b] === 0) this.hiddens.fill(0, b * H, (b + 1) * H);
  }

  /**
   * h_t = tanh(Wxh x_t + Whh h_{t-1} + bh), p_t = softmax(Why h_t + by), loss = -Σ ln p_t[target_t] / B.
   * @param units (H), what each unit's weights to the next time step, a column of Whh, are multiplied by; without it 1.
   */
  forward(inputs: ArrayLike<number>, targets: ArrayLike<number>, units?: ArrayLike<number>): void {
    const { batchSize: B, seqLength: T, hiddenSize: H, vocabularySize: V } = this.config;
    const { Why, by } = this.parameters;
    const Whh = matrix(this.#usedWhh(units), H, H);
    for (let t = 0; t < T; t++) {
      this.#addInputs(t, inputs);
      const previous = matrix(this.hiddens, B, H, t * B * H);
      const current = matrix(this.hiddens, B, H, (t + 1) * B * H);
      addMultiplyTransposed(current, previous, Whh);
      tanhInPlace(this.hiddens, current.offset, B * H);
    }
    for (let row = 0; row < T * B; row++) this.probabilities.set(by, row * V);
    addMultiplyTransposed(
      matrix(this.probabilities, T * B, V),
      matrix(this.hiddens, T * B, H, B * H),
      matrix(Why, V, H),
    );
    this.loss = softmaxInPlace(this.probabilities, V, targets, this.rowLosses) / B;
  }

  /** The gradients of `loss`, term by term backwards through `forward`, which must have run with the same arguments. */
  backward(inputs: ArrayLike<number>, targets: ArrayLike<number>, units?: ArrayLike<number>): void {
    const { batchSize: B, seqLength: T, hiddenSize: H, vocabularySize: V } = this.config;
    const { dWxh, dWhh, dWhy, dbh, dby } = this.#zeroedGradients();
    const dLogits = matrix(this.probabilities, T * B, V);
    const dHiddens = matrix(this.#dHiddens, T * B, H);
    this.#lossBackward(targets);
    // y_t = Why h_t + by
    addTransposedMultiply(matrix(dWhy, V, H), dLogits, matrix(this.hiddens, T * B, H, B * H));
    addColumnSums(dby, dLogits);
    this.#dHiddens.fill(0);
    addMultiply(dHiddens, dLogits, matrix(this.parameters.Why, V, H));
    // h_t = tanh(Wxh x_t + Whh h_{t-1} + bh)
    const Whh = matrix(this.#usedWhh(units), H, H);
    for (let t = T - 1; t >= 0; t--) {
      this.#tanhBackward(t);
      if (t === 0) break;
      const dPrevious = matrix(this.#dHiddens, B, H, (t - 1) * B * H);
      addMultiply(dPrevious, matrix(this.#dHiddens, B, H, t * B * H), Whh);
    }
    addColumnSums(dbh, dHiddens);
    addTransposedMultiply(matrix(dWhh, H, H), dHiddens, matrix(this.hiddens, T * B, H));
    if (units) scaleColumns(dWhh, units);
    this.#inputsBackward(inputs, dWxh);
  }

  /** Whh as a window uses it. */
  #usedWhh(units: ArrayLike<number> | undefined): FloatArray {
    const { Whh } = this.parameters;
    if (!units) return Whh;
    this.#droppedWhh ??= Whh.slice();
    this.#droppedWhh.set(Whh);
    return scaleColumns(this.#droppedWhh, units);
  }

  /** Decays weights, clips each gradient and takes one Adagrad step; the window's last hidden state becomes the next one's first. */
  update(learningRate: number): void {
    const { gradClip, weightDecay = 0 } = this.config;
    const clip = gradClip > 0 ? gradClip : Infinity;
    for (const name of PARAMETER_NAMES) {
      if (weightDecay > 0 && DECAYED.has(name)) scale(this.parameters[name], 1 - learningRate * weightDecay);
      adagrad(this.parameters[name], this.memories[name], this.gradients[name], clip, learningRate);
    }
    this.advance();
  }

  /** Carries the hidden state on without learning. */
  advance(): void {
    const { batchSize: B, seqLength: T, hiddenSize: H } = this.config;
    this.hiddens.copyWithin(0, T * B * H, (T + 1) * B * H);
  }

  #zeroedGradients() {
    const { Wxh, Whh, Why, bh, by } = this.gradients;
    for (const gradient of [Wxh, Whh, Why, bh, by]) gradient.fill(0);
    return { dWxh: Wxh, dWhh: Whh, dWhy: Why, dbh: bh, dby: by };
  }

  /** Row block t + 1 of the hidden states = Wxh x_t + bh: with one-hot x_t a column of Wxh. */
  #addInputs(t: number, inputs: ArrayLike<number>): void {
    const { batchSize: B, hiddenSize: H, vocabularySize: V } = this.config;
    const { Wxh, bh } = this.parameters;
    for (let b = 0; b < B; b++) {
      const symbol = inputs[t * B + b];
      const row = ((t + 1) * B + b) * H;
      for (let i = 0; i < H; i++) this.hiddens[row + i] = Wxh[i * V + symbol] + bh[i];
    }
  }

  /** dy = (p - onehot(target)) / B, in place of p. */
  #lossBackward(targets: ArrayLike<number>): void {
    const { batchSize: B, vocabularySize: V } = this.config;
    const y = this.probabilities;
    for (let row = 0; row < targets.length; row++) y[row * V + targets[row]] -= 1;
    if (B > 1) for (let i = 0; i < y.length; i++) y[i] /= B;
  }

  /** dhraw_t = (1 - h_t²) dh_t, in place of dh_t. */
  #tanhBackward(t: number): void {
    const { batchSize: B, hiddenSize: H } = this.config;
    const from = t * B * H;
    for (let i = from; i < from + B * H; i++) {
      const h = this.hiddens[i + B * H];
      this.#dHiddens[i] *= 1 - h * h;
    }
  }

  /** dWxh += dhraw xᵀ: with one-hot x a column each. */
  #inputsBackward(inputs: ArrayLike<number>, dWxh: FloatArray): void {
    const { hiddenSize: H, vocabularySize: V } = this.config;
    for (let row = 0; row < inputs.length; row++) {
      for (let i = 0; i < H; i++) dWxh[i * V + inputs[row]] += this.#dHiddens[row * H + i];
    }
  }
}

/** Multiplies each column of a matrix (rows, N) by its factor (N), in place. */
function scaleColumns(values: FloatArray, factors: ArrayLike<number>): FloatArray {
  for (let i = 0; i < values.length; i++) values[i] *= factors[i % factors.length];
  return values;
}

function scale(values: FloatArray, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}

/**
 * Turns logits (N, V) into probabilities in place. Subtracting the largest avoids overflow.
 * @param targets (N); @param rowLosses (N), what receives -ln p_target. @returns their sum.
 */
export function softmaxInPlace(y: FloatArray, V: number, targets: ArrayLike<number>, rowLosses: FloatArray): number {
  let loss = 0;
  for (let row = 0; row < targets.length; row++) {
    const from = row * V;
    let largest = -Infinity;
    for (let v = 0; v < V; v++) if (y[from + v] > largest) largest = y[from + v];
    const target = y[from + targets[row]] - largest;
    let sum = 0;
    for (let v = 0; v < V; v++) sum += y[from + v] = Math.exp(y[from + v] - largest);
    for (let v = 0; v < V; v++) y[from + v] /= sum;
    rowLosses[row] = Math.log(sum) - target;
    loss += rowLosses[row];
  }
  return loss;
}

function tanhInPlace(values: FloatArray, from: number, length: number): void {
  for (let i = from; i < from + length; i++) values[i] = Math.tanh(values[i]);
}

/** mem += d²; param -= lr d / sqrt(mem + 1e-8) (Duchi, Hazan & Singer 2011), with d clipped to [-clip, clip]. */
function adagrad(
  parameter: FloatArray,
  memory: FloatArray,
  gradient: FloatArray,
  clip: number,
  learningRate: number,
): void {
  for (let i = 0; i < parameter.length; i++) {
    const d = Math.min(clip, Math.max(-clip, gradient[i]));
    const sum = memory[i] + d * d;
    memory[i] = sum;
    parameter[i] -= (learningRate * d) / Math.sqrt(sum + 1e-8);
  }
}
