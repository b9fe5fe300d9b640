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
