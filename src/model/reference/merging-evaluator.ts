import type { Evaluator } from '../trainable-model.js';
import type { ForwardRnn, ForwardRnnFrom } from './forward-rnn.js';
import type { FloatArray } from './tiles.js';

/** Time steps after which streams are compared, where a window has a multiple of them. */
const PIECE = 10;

/**
 * An evaluator for streams that read the same text from different states: as soon as the states of two are
 * equal in every bit, and what they read next is too, one of them is read for both. Every number that it gives is the
 * same. A trained net forgets where it came from within some tens of symbols, and the work of 24 streams becomes that
 * of one.
 */
export class MergingEvaluator implements Evaluator {
  readonly #piece: number;
  readonly #totals: Float64Array;
  /** Reads one stream of each group. */
  #rnn: ForwardRnn;
  /** The group of each stream, (E). */
  #groups: readonly number[];

  /** @param hidden where each of E streams starts, (E, H); copied. */
  constructor(
    private readonly hiddenSize: number,
    private readonly rnnFrom: ForwardRnnFrom,
    hidden: Float32Array,
    seqLength: number,
  ) {
    this.#piece = seqLength % PIECE === 0 ? PIECE : seqLength;
    this.#totals = new Float64Array(hidden.length / hiddenSize);
    this.#groups = Array.from(this.#totals, (_, stream) => stream);
    this.#rnn = rnnFrom(hidden, this.#piece);
  }

  add(inputs: Int32Array, targets: Int32Array, weights: Float32Array): void {
    const size = this.#piece * this.#totals.length;
    for (let from = 0; from < inputs.length; from += size) {
      const part = <Values extends Int32Array | Float32Array>(values: Values) =>
        values.subarray(from, from + size) as Values;
      this.#addPiece(part(inputs), part(targets), part(weights));
    }
  }

  #addPiece(inputs: Int32Array, targets: Int32Array, weights: Float32Array): void {
    const streams = this.#totals.length;
    const leaders = this.#regroup(inputs, targets);
    const count = leaders.length;
    const ofLeaders = (symbols: Int32Array) =>
      Int32Array.from(
        { length: this.#piece * count },
        (_, row) => symbols[Math.floor(row / count) * streams + leaders[row % count]],
      );
    this.#rnn.forward(ofLeaders(inputs), ofLeaders(targets));
    weights.forEach((weight, row) => {
      const stream = row % streams;
      const loss = this.#rnn.rowLosses[Math.floor(row / streams) * count + this.#groups[stream]];
      this.#totals[stream] += loss * weight;
    });
    this.#rnn.advance();
  }

  /** Puts streams together that will do the same over a piece. @returns the first stream of each group. */
  #regroup(inputs: Int32Array, targets: Int32Array): number[] {
    const leaders: number[] = [];
    const groups = this.#groups.map((_, stream) => {
      const known = leaders.findIndex(
        (leader) =>
          this.#haveEqualStates(leader, stream) &&
          this.#readEqually(leader, stream, inputs) &&
          this.#readEqually(leader, stream, targets),
      );
      return known < 0 ? leaders.push(stream) - 1 : known;
    });
    if (groups.some((group, stream) => group !== this.#groups[stream])) {
      const states = new Float32Array(leaders.length * this.hiddenSize);
      leaders.forEach((leader, group) => states.set(this.#stateOf(leader), group * this.hiddenSize));
      this.#rnn = this.rnnFrom(states, this.#piece);
      this.#groups = groups;
    }
    return leaders;
  }

  #haveEqualStates(one: number, other: number): boolean {
    if (this.#groups[one] === this.#groups[other]) return true;
    const state = this.#stateOf(other);
    return this.#stateOf(one).every((value, i) => value === state[i]);
  }

  #readEqually(one: number, other: number, symbols: Int32Array): boolean {
    for (let row = 0; row < symbols.length; row += this.#totals.length) {
      if (symbols[row + one] !== symbols[row + other]) return false;
    }
    return true;
  }

  /** The state that a stream has come to, (H). */
  #stateOf(stream: number): FloatArray {
    const H = this.hiddenSize;
    const group = this.#groups[stream];
    return this.#rnn.hiddens.subarray(group * H, (group + 1) * H);
  }

  totals(): Promise<Float32Array> {
    return Promise.resolve(Float32Array.from(this.#totals));
  }

  hidden(): Promise<Float32Array> {
    const H = this.hiddenSize;
    const states = new Float32Array(this.#totals.length * H);
    this.#groups.forEach((_, stream) => states.set(this.#stateOf(stream), stream * H));
    return Promise.resolve(states);
  }

  dispose(): void {}
}
