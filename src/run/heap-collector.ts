import { setFlagsFromString } from 'node:v8';
import { garbageCollector } from '../system/garbage.js';

/** Time between collections in milliseconds: one takes some 20, so that they cost 0.2 % of the training time. */
const EVERY_MS = 10_000;

/** The first one comes early: loading and tracing leave some 20 MiB behind. */
const FIRST_MS = 1000;

/**
 * Keeps a long run's memory flat. TensorFlow.js makes a few objects a tensor, which V8's quick collections free, but
 * for two kinds that only a whole collection does, and V8 puts that off for hundreds of thousands of steps:
 * - A trace holds thousands of tensors at once, from which V8 learns to make all later ones in the heap for old objects.
 *   A flag stops that.
 * - The library's weak maps are rebuilt every few hundred tensors, in that heap. So it is collected now and then.
 */
export class HeapCollector {
  readonly #collect = garbageCollector();
  #due = performance.now() + FIRST_MS;

  constructor() {
    setFlagsFromString('--no-allocation-site-pretenuring');
  }

  /** Collects all garbage, if it is time. */
  collectIfDue(): void {
    if (performance.now() < this.#due) return;
    this.#collect();
    this.#due = performance.now() + EVERY_MS;
  }
}
