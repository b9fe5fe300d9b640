import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The project's only source of randomness: xoroshiro128+ (pure-rand), seeded and passed in, never reached for.
 * Its state can be saved and restored, so that a resumed run draws what an uninterrupted one would have drawn.
 */
export class Random {
  #generator;

  /** @param seed an integer from 0 to 2^32 - 1; the same seed gives the same draws on every machine. */
  constructor(seed: number) {
    this.#generator = xoroshiro128plusFromState(spread(seed));
  }

  /** A generator that continues where the one that gave `state` was. */
  static fromState(state: readonly number[]): Random {
    const random = new Random(0);
    random.#generator = xoroshiro128plusFromState(state);
    return random;
  }

  /** A generator of its own for a step of a run: what it draws depends on nothing that was drawn before. */
  static ofStep(seed: number, step: number): Random {
    return Random.fromState(spread(seed).map((word) => finalized(word + step + 1)));
  }

  /** Everything that decides the next draws: four 32-bit integers. */
  get state(): readonly number[] {
    return this.#generator.getState();
  }

  /** The next draw from [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /**
   * Many draws from [0, 1), the same as one by one: the library's generator written out over local variables, which
   * takes a third of the time.
   */
  uniforms(values: Float64Array): void {
    let [s01, s00, s11, s10] = this.#generator.getState();
    for (let i = 0; i < values.length; i++) {
      const high = (s00 + s10) & 0x3ffffff; // 26 bits
      let a0 = s10 ^ s00;
      let a1 = s11 ^ s01;
      const t00 = (s00 << 24) ^ (s01 >>> 8) ^ a0 ^ (a0 << 16);
      const t01 = (s01 << 24) ^ (s00 >>> 8) ^ a1 ^ ((a1 << 16) | (a0 >>> 16));
      const t10 = (a1 << 5) ^ (a0 >>> 27);
      const t11 = (a0 << 5) ^ (a1 >>> 27);
      values[i] = high * 2 ** -26 + ((t00 + t10) & 0x7ffffff) * 2 ** -53; // 27 bits more
      a0 = t10 ^ t00;
      a1 = t11 ^ t01;
      s00 = (t00 << 24) ^ (t01 >>> 8) ^ a0 ^ (a0 << 16);
      s01 = (t01 << 24) ^ (t00 >>> 8) ^ a1 ^ ((a1 << 16) | (a0 >>> 16));
      s10 = (a1 << 5) ^ (a0 >>> 27);
      s11 = (a0 << 5) ^ (a1 >>> 27);
    }
    this.#generator = xoroshiro128plusFromState([s01, s00, s11, s10]);
  }

  /** `length` draws from N(0, standardDeviation²), rounded to float32. */
  normals(length: number, standardDeviation: number): Float32Array {
    const draw = randomNormal.source(() => this.uniform())(0, standardDeviation);
    return Float32Array.from({ length }, draw);
  }
}

/**
 * Four words of state from a seed, in the manner of SplitMix (Steele, Lea & Flood 2014) with MurmurHash3's finalizer.
 * The library's own seeding leaves small seeds nearly alike: their first draws would all be 0.99999.
 */
function spread(seed: number): number[] {
  return [1, 2, 3, 4].map((i) => finalized(seed + i * 0x9e3779b9));
}

/** 32 bits, each of which depends on each of the 32 low ones of `value`. */
function finalized(value: number): number {
  let word = value | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
