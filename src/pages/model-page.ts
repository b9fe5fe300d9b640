import type { PerParameter } from '../model/parameters.js';
import type { Encoding } from '../options/choices.js';

/** What a page of a model holds: the model, a text to read, and what there is to say of both. */
export interface ModelPage {
  /** What the model is called. */
  readonly name: string;
  /** H. */
  readonly hiddenSize: number;
  readonly vocabulary: {
    /** Code point or byte value of each index. */
    readonly symbols: readonly number[];
    readonly encoding: Encoding;
    /** Whether U+FFFD stands for all other characters. */
    readonly substitutes: boolean;
  };
  /** The WebAssembly module of what reading takes, in base64. */
  readonly module: string;
  /** The weights, each array as `packed`. */
  readonly parameters: PerParameter<string>;
  /** The hidden states that training carried, (B, H), as `packed`. */
  readonly carried: string;
  readonly text: {
    /** What the text is, as a phrase. */
    readonly title: string;
    /** The text's characters, or one character from U+0000 to U+00FF for each of its bytes. */
    readonly content: string;
    /** The hidden state to read it from, (H), as `packed`. */
    readonly start: string;
  };
  /** Lines about the model, the most important first. */
  readonly facts: readonly string[];
}
