// Where the shards of a window are computed: whoever records ops gives those of each shard a device of their own.

let current: number | undefined;

/** Does a piece of work as that of the `place`th shard. */
export function inPlace<Result>(place: number, work: () => Result): Result {
  const before = current;
  current = place;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** The shard whose work is being done; undefined for what is not of one alone. */
export function currentPlace(): number | undefined {
  return current;
}
