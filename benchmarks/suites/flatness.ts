/** What a training process held after a step. */
export interface MemoryPoint {
  readonly step: number;
  readonly tensors: number;
  /** Resident memory of the process, in bytes. */
  readonly resident: number;
}

/** How flat a curve is after its warm-up. */
export interface Flatness {
  /** The first point after the warm-up. */
  readonly first: MemoryPoint;
  readonly last: MemoryPoint;
  /** Largest distance of any later point from the first one. */
  readonly tensorDeviation: number;
  readonly residentDeviation: number;
  /** The latter as a part of the first one's. */
  readonly residentPart: number;
}

/**
 * Compares all points from the end of the warm-up on with the first of them.
 * @param warmUpSteps how long the warm-up lasts; at most half of the run.
 * @throws RangeError for no points.
 */
export function flatness(points: readonly MemoryPoint[], warmUpSteps: number): Flatness {
  const end = points.at(-1)?.step ?? 0;
  const after = points.filter(({ step }) => step >= Math.min(warmUpSteps, end / 2));
  const [first] = after;
  const last = after.at(-1);
  if (!first || !last) throw new RangeError('flatness needs at least one point');
  const residentDeviation = Math.max(...after.map(({ resident }) => Math.abs(resident - first.resident)));
  return {
    first,
    last,
    tensorDeviation: Math.max(...after.map(({ tensors }) => Math.abs(tensors - first.tensors))),
    residentDeviation,
    residentPart: residentDeviation / first.resident,
  };
}
