import type { Feature } from './features.js';

/** Characters that a class, and the rest of the text, must have for a number to be given. */
export const RAREST = 20;

/** Activations are counted in so many bins. */
const BINS = 64;

/**
 * Counts how units fire on the characters of a text, and from that how selectively. The statistic is the concordance:
 * of two characters drawn from different levels of a feature, how often the unit is higher on the one of the higher
 * level, ties half. For a class it is the area under the ROC curve (Hanley & McNeil 1982): 0.5 says nothing, 1 that the
 * unit is higher on every character of the class than on any other, 0 that it is lower.
 */
export class Selectivity {
  /** Characters by unit and bin, (H, BINS). */
  readonly #all: Uint32Array;
  /** Those above level 0, which are few, by unit, level and bin, (H, levels, BINS), for each feature. */
  readonly #counts: readonly Uint32Array[];

  constructor(
    readonly hiddenSize: number,
    readonly features: readonly Feature[],
  ) {
    this.#all = new Uint32Array(hiddenSize * BINS);
    this.#counts = features.map(({ levels }) => new Uint32Array(hiddenSize * levels * BINS));
  }

  /** Counts the characters from a position on. @param levels activations from -127 to 127, (N, H). */
  add(from: number, levels: Int8Array): void {
    const H = this.hiddenSize;
    for (let i = 0; i < levels.length; i += H) {
      const row = levels.subarray(i, i + H);
      count(this.#all, BINS, row);
      this.features.forEach(({ levels: L, values }, f) => {
        const level = values[from + i / H];
        if (level > 0) count(this.#counts[f].subarray(level * BINS), L * BINS, row);
      });
    }
  }

  /** The concordance of each unit with each feature, (features, H); NaN where the text has too few characters for it. */
  concordances(): Float32Array {
    const H = this.hiddenSize;
    const all = new Float32Array(this.features.length * H);
    this.features.forEach(({ levels }, f) => {
      const size = levels * BINS;
      for (let h = 0; h < H; h++) {
        const counts = this.#counts[f].slice(h * size, (h + 1) * size);
        for (let i = 0; i < BINS; i++) counts[i] = this.#all[h * BINS + i];
        for (let i = BINS; i < size; i++) counts[i % BINS] -= counts[i];
        all[f * H + h] = concordance(counts);
      }
    });
    return all;
  }
}

/** Counts a character for each unit. @param stride from a unit's counts to the next one's; @param levels (H). */
function count(counts: Uint32Array, stride: number, levels: Int8Array): void {
  for (let h = 0; h < levels.length; h++) counts[h * stride + ((levels[h] + 127) >> 2)]++;
}

/** @param counts characters by level and bin, (levels, BINS). */
function concordance(counts: Uint32Array): number {
  const lower = new Float64Array(BINS);
  let [below, higher, pairs, largest, total] = [0, 0, 0, 0, 0];
  for (let from = 0; from < counts.length; from += BINS) {
    let [smaller, here] = [0, 0];
    for (let bin = 0; bin < BINS; bin++) {
      const count = counts[from + bin];
      higher += count * (smaller + lower[bin] / 2);
      smaller += lower[bin];
      here += count;
    }
    for (let bin = 0; bin < BINS; bin++) lower[bin] += counts[from + bin];
    pairs += here * below;
    below += here;
    largest = Math.max(largest, here);
    total += here;
  }
  return largest < RAREST || total - largest < RAREST ? NaN : higher / pairs;
}
