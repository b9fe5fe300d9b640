import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage at once: all, or what is young and therefore quick to find. */
export type CollectGarbage = (options?: { readonly type: 'minor' }) => void;

/** V8's collector, which it shows to programs that ask for it only. */
export function garbageCollector(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as CollectGarbage;
}

/** Bytes of arrays from which on a collection of a quarter of a millisecond is worth its time. */
const ENOUGH = 2 ** 22;

/**
 * Frees arrays of numbers that are made at every step. V8 hardly sees them, because they lie outside of its heap: it
 * would find them when their bytes have made it search the whole heap, on all processors, every few steps.
 */
export class ArrayCollector {
  readonly #collect = garbageCollector();
  #bytes = 0;

  /** Counts arrays that are made and soon of no use. @param bytes of them. */
  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < ENOUGH) return;
    this.#bytes = 0;
    this.#collect({ type: 'minor' });
  }
}
