import type { WindowSize } from '../model/parameters.js';
import type { BackendName } from '../model/trainable-model.js';

/** One that is measured, in a process of its own: TensorFlow reads its settings once, while it loads. */
export interface Contestant {
  readonly name: string;
  readonly backend: BackendName;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
}

/** What a child is started with, as JSON. */
export interface BenchRequest {
  readonly contestant: Contestant;
  readonly size: WindowSize;
}

/** What a child says first: what computes, or why nothing does. */
export type BenchGreeting = { readonly description: string } | { readonly absent: string };

/** The parent's order to train on so many windows, and the answer; the losses are read back before the clock stops. */
export interface BenchOrder {
  readonly windows: number;
}
export interface BenchAnswer {
  readonly seconds: number;
}

/** V of the measured problem: as many symbols as an English text has. */
export const BENCH_VOCABULARY = 65;
