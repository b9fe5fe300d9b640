/** How long a tensor of a recording is needed: from the step that makes it to the last one that reads it. */
export interface Lifetime {
  readonly bytes: number;
  /** -1: from before the first step. */
  readonly first: number;
  /** Infinity: until after the last step. */
  readonly last: number;
}

/** Where tensors lie in a block of memory. */
export interface MemoryPlan {
  /** One for each tensor, in bytes from the start of the block. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Tensors start where a line of the processor's cache does. */
export const ALIGNMENT = 64;

/**
 * Lays tensors out so that those that are needed at the same time do not overlap. Memory that is no longer needed goes
 * to the next tensor of the same size: in a recurrence, sizes repeat.
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const offsets: number[] = [];
  const free = new Map<number, number[]>();
  const coming = [...lifetimes.keys()].sort((a, b) => lifetimes[a].first - lifetimes[b].first);
  const leaving = [...lifetimes.keys()].sort((a, b) => lifetimes[a].last - lifetimes[b].last);
  let bytes = 0;
  let gone = 0;
  for (const index of coming) {
    for (; lifetimes[leaving[gone]].last < lifetimes[index].first; gone++) {
      const size = align(lifetimes[leaving[gone]].bytes);
      const same = free.get(size) ?? [];
      free.set(size, same);
      same.push(offsets[leaving[gone]]);
    }
    const size = align(lifetimes[index].bytes);
    const reused = free.get(size)?.pop();
    offsets[index] = reused ?? bytes;
    if (reused === undefined) bytes += size;
  }
  return { offsets, bytes };
}

/** The next multiple of the alignment. */
export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
