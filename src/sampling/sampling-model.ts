/** A model read one symbol at a time. */
export interface SamplingModel {
  /** V, the number of symbols. */
  readonly vocabularySize: number;
  /** Reads a symbol; returns the logits (V) of the next one, valid until the next call. */
  next(symbol: number): Float32Array;
  /**
   * Where a backend can do it in one call: reads a symbol and generates n more, each the one with the largest
   * logit + noise, fed back in. @param noise (n, V), n at most `CHUNK`; see `gumbelNoise`.
   */
  generate?(symbol: number, noise: Float32Array): Int32Array;
  /** Frees what the model holds. */
  dispose(): void;
}

/** Most symbols that a model generates in one call: enough to save calls, few enough to stream. */
export const CHUNK = 50;
