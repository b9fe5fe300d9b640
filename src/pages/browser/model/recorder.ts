import { LIKELIEST, keepLikeliest } from '../../../model/reference/text-reader.js';
import type { ReferenceSamplingModel } from '../../../model/reference/reference-sampling-model.js';
import type { SamplingModel } from '../../../sampling/sampling-model.js';
import type { Part } from './messages.js';

/** Records what a model does as it writes. A symbol is read only when the next is wanted, so the last has nothing yet. */
export class Recorder implements SamplingModel {
  readonly vocabularySize: number;
  /** Symbols that were given away in parts. */
  #from = 0;
  #symbols: number[] = [];
  #losses: number[] = [];
  /** Of the symbols that have been read, H and K numbers each. */
  #levels: number[] = [];
  #likeliest: number[] = [];
  #probabilities: number[] = [];
  #logProbabilities: Float32Array = new Float32Array();
  #hasBegun = false;

  constructor(readonly model: ReferenceSamplingModel) {
    this.vocabularySize = model.vocabularySize;
  }

  /** Symbols that wait to be given away. */
  get waiting(): number {
    return this.#symbols.length;
  }

  next(symbol: number): Float32Array {
    const logits = this.model.next(symbol);
    this.#logProbabilities = logProbabilitiesOf(logits);
    // What comes before the first is not part of the text.
    if (this.#hasBegun) this.#record();
    this.#hasBegun = true;
    return logits;
  }

  /** Takes down a symbol that followed what was read last. */
  wrote(symbol: number): void {
    this.#symbols.push(symbol);
    this.#losses.push(-this.#logProbabilities[symbol]);
  }

  /** What waits. The activations of its last symbol come first in the part after. */
  part(): Part {
    const part = {
      from: this.#from,
      symbols: Int32Array.from(this.#symbols),
      levels: Int8Array.from(this.#levels),
      losses: Float32Array.from(this.#losses),
      likeliest: Int32Array.from(this.#likeliest),
      probabilities: Float32Array.from(this.#probabilities),
    };
    this.#from += this.#symbols.length;
    [this.#symbols, this.#losses, this.#levels, this.#likeliest, this.#probabilities] = [[], [], [], [], []];
    return part;
  }

  #record(): void {
    for (const value of this.model.hidden) this.#levels.push(Math.round(127 * value));
    const K = Math.min(LIKELIEST, this.vocabularySize);
    const [likeliest, probabilities] = [new Int32Array(K), new Float32Array(K).fill(-1)];
    keepLikeliest(this.#logProbabilities.map(Math.exp), likeliest, probabilities);
    this.#likeliest.push(...likeliest);
    this.#probabilities.push(...probabilities);
  }

  dispose(): void {}
}

/** ln softmax(logits). */
function logProbabilitiesOf(logits: Float32Array): Float32Array {
  const largest = logits.reduce((most, logit) => Math.max(most, logit));
  const sum = largest + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - largest), 0));
  return logits.map((logit) => logit - sum);
}
