/** A model read one symbol at a time. */
export interface SamplingModel {
  /** V, the number of symbols. */
  readonly vocabularySize: number;
  /** Reads a symbol; returns the logits (V) of the next one, valid until the next call. */
  next(symbol: number): Float32Array;
  /**
   * Where a backend can do it in one call: reads a symbol and generates n more, each drawn from
   * softmax(sharpness · logits) and fed back in. @param draws (n), n at most `CHUNK`; see `textDraws` and `sharpnessOf`.
   */
  generate?(symbol: number, draws: Float32Array, sharpness: number): Int32Array;
  /** Frees what the model holds. */
  dispose(): void;
}

/** Most symbols that a model generates in one call: enough to save calls, few enough to stream. */
export const CHUNK = 50;
