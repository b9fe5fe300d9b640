/** How good a model was after some training. */
export interface QualityPoint {
  /** Of training, without the validation. */
  readonly seconds: number;
  readonly steps: number;
  /** On the validation text. */
  readonly natsPerChar: number;
}

/** When to validate in a run of so many seconds: more often at the start, where a curve is steep; the end included. */
export function validationTimes(seconds: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => seconds * ((i + 1) / count) ** 2);
}

/**
 * The seconds at which a curve first comes down to a level, on straight lines between its points; Infinity where it
 * never does.
 */
export function secondsToReach(points: readonly QualityPoint[], natsPerChar: number): number {
  const at = points.findIndex((point) => point.natsPerChar <= natsPerChar);
  if (at < 0) return Infinity;
  if (at === 0) return points[0].seconds;
  const [before, after] = points.slice(at - 1, at + 1);
  const part = (before.natsPerChar - natsPerChar) / (before.natsPerChar - after.natsPerChar);
  return before.seconds + part * (after.seconds - before.seconds);
}

/** The lowest point of a curve. @throws RangeError for no points. */
export function lowest(points: readonly QualityPoint[]): QualityPoint {
  const [first, ...others] = points;
  if (!first) throw new RangeError('a curve must have a point');
  return others.reduce((best, point) => (point.natsPerChar < best.natsPerChar ? point : best), first);
}

/**
 * The x from which a ratio that rises with x is above 1, on a straight line between the logarithms of its neighbours.
 * 0 where it is above 1 from the first x on, Infinity where it never is.
 * @param points in the order of x.
 */
export function crossing(points: readonly { readonly x: number; readonly ratio: number }[]): number {
  const after = points.findIndex(({ ratio }) => ratio > 1);
  if (after < 0) return Infinity;
  if (after === 0) return 0;
  const [below, above] = points.slice(after - 1, after + 1);
  const part = -Math.log(below.ratio) / (Math.log(above.ratio) - Math.log(below.ratio));
  return below.x * (above.x / below.x) ** part;
}
