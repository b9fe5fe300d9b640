import type { BackendName } from '../options/choices.js';

/** The sizes that are measured: B, H, T. */
export interface BenchSize {
  readonly batchSize: number;
  readonly hiddenSize: number;
  readonly seqLength: number;
}

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
  readonly size: BenchSize;
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
