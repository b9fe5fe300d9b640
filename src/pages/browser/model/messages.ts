import type { SamplingOptions } from '../../../sampling/sampler.js';
import type { ModelPage } from '../../model-page.js';

/** What a text is written with. */
export interface WriteOptions extends SamplingOptions {
  readonly prime: string;
  /** Symbols to write; Infinity: until it is stopped. */
  readonly length: number;
  readonly seed: number;
}

/** The two things that the worker does, one text each at a time: a new one ends the one before. */
export type Task = 'read' | 'write';

/** What the page asks of its worker. Answers carry the same `id`. */
export type Request =
  | { readonly type: 'open'; readonly page: ModelPage }
  /** Without a text: the page's own. */
  | { readonly type: 'read'; readonly id: number; readonly text: string | undefined }
  | { readonly type: 'write'; readonly id: number; readonly options: WriteOptions }
  | { readonly type: 'stop' };

/** A stretch of N symbols of a text as the page keeps it: H units, K symbols that may come next. */
export interface Part {
  /** The position of its first symbol. */
  readonly from: number;
  /** (N), where the text is being written. */
  readonly symbols: Int32Array | undefined;
  /** Activations from -127 to 127 for -1 to 1, (N, H); nothing yet for a symbol that was written last. */
  readonly levels: Int8Array;
  /** Nats, (N); NaN where nothing came before. */
  readonly losses: Float32Array;
  /** (N, K), see `TextPart`. */
  readonly likeliest: Int32Array;
  readonly probabilities: Float32Array;
}

/** How selectively units fire. */
export interface Ranks {
  /** What each class of characters is called, to complete "high ...". */
  readonly classes: readonly string[];
  /** The concordance of each unit with each class, (classes, H); NaN where a class is too rare in the text. */
  readonly concordances: Float32Array;
}

/** What the worker answers. */
export type Answer = { readonly task: Task; readonly id: number } & (
  | { readonly type: 'text'; readonly symbols: Int32Array; readonly unknown: readonly string[] }
  | { readonly type: 'parts'; readonly parts: readonly Part[] }
  | { readonly type: 'done'; readonly ranks: Ranks | undefined }
  | { readonly type: 'failed'; readonly message: string }
);
