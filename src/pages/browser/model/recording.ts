import type { Part } from './messages.js';

/** A list of numbers that grows, in a typed array that doubles. */
class Growing<Values extends Int8Array | Int32Array | Float32Array> {
  length = 0;

  /** @param values room to begin with. */
  constructor(public values: Values) {}

  append(more: Values): void {
    if (this.length + more.length > this.values.length) {
      const size = Math.max(1024, 2 * (this.length + more.length));
      const larger = new (this.values.constructor as new (length: number) => Values)(size);
      larger.set(this.values.subarray(0, this.length));
      this.values = larger;
    }
    this.values.set(more, this.length);
    this.length += more.length;
  }
}

/** A symbol that may come next, and how probable it is. */
export interface Candidate {
  readonly symbol: number;
  readonly probability: number;
}

/** All that is known of a text's characters: H units, and the likeliest next symbols of each. */
export class Recording {
  readonly #symbols: Growing<Int32Array>;
  readonly #levels: Growing<Int8Array>;
  readonly #losses: Growing<Float32Array>;
  readonly #likeliest: Growing<Int32Array>;
  readonly #probabilities: Growing<Float32Array>;

  /** @param symbols all of them, where they are known from the start: then nothing grows. */
  constructor(
    readonly hiddenSize: number,
    /** K, the likeliest symbols that are known of each character. */
    readonly kept: number,
    symbols: Int32Array = new Int32Array(),
  ) {
    this.#symbols = new Growing<Int32Array>(new Int32Array(symbols.length));
    this.#symbols.append(symbols);
    this.#levels = new Growing<Int8Array>(new Int8Array(symbols.length * hiddenSize));
    this.#losses = new Growing<Float32Array>(new Float32Array(symbols.length));
    this.#likeliest = new Growing<Int32Array>(new Int32Array(symbols.length * kept));
    this.#probabilities = new Growing<Float32Array>(new Float32Array(symbols.length * kept));
  }

  /** Adds what is known of the next characters. */
  append({ symbols, levels, losses, likeliest, probabilities }: Part): void {
    if (symbols) this.#symbols.append(symbols);
    this.#levels.append(levels);
    this.#losses.append(losses);
    this.#likeliest.append(likeliest);
    this.#probabilities.append(probabilities);
  }

  /** Number of characters. */
  get length(): number {
    return this.#symbols.length;
  }

  /** Number of characters whose activations are known. */
  get known(): number {
    return this.#levels.length / this.hiddenSize;
  }

  /** Number of characters whose losses are known. */
  get judged(): number {
    return this.#losses.length;
  }

  symbolAt(position: number): number {
    return this.#symbols.values[position];
  }

  /** Nats; NaN where it is not known. */
  lossAt(position: number): number {
    return position < this.#losses.length ? this.#losses.values[position] : NaN;
  }

  /** The activation of a unit after a character has been read, from -1 to 1; NaN where it is not known. */
  activationAt(position: number, unit: number): number {
    return position < this.known ? this.#levels.values[position * this.hiddenSize + unit] / 127 : NaN;
  }

  /** The likeliest symbols after a character, most probable first; none where they are not known. */
  nextAt(position: number): Candidate[] {
    const from = position * this.kept;
    if (position < 0 || from >= this.#likeliest.length) return [];
    return Array.from({ length: this.kept }, (_, i) => ({
      symbol: this.#likeliest.values[from + i],
      probability: this.#probabilities.values[from + i],
    }));
  }

  /** The mean loss of all characters that have one, in nats; NaN where none has. */
  meanLoss(): number {
    const losses = this.#losses.values.subarray(0, this.#losses.length).filter((loss) => !Number.isNaN(loss));
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }
}
