import uPlot from 'uplot';
import type { CurvePoint, RunRecord } from '../../../dashboard/record.js';
import { formatCount, formatDuration } from '../../../format/numbers.js';
import { inUnit, type View } from './view.js';

/** The curves, by their place in the data: their names and colours. */
export const CURVES = [
  { name: 'training', colour: '--training' },
  { name: 'validation', colour: '--validation' },
] as const;

/** Points of both curves at the same positions, as uPlot takes them: positions, training, validation. */
export type Aligned = readonly [positions: number[], training: (number | null)[], validation: (number | null)[]];

/** The curves of a record as the view wants them. A logarithm has no place for zero. */
export function alignedCurves({ training, validation }: RunRecord, view: View): Aligned {
  const positionOf = (point: CurvePoint) => point[view.axis === 'time' ? 1 : 0];
  const tableOf = (points: readonly CurvePoint[]): uPlot.AlignedData => {
    const placed = points.filter((point) => view.scale === 'linear' || positionOf(point) > 0);
    return [placed.map(positionOf), placed.map((point) => inUnit(point[2], view))];
  };
  return uPlot.join([tableOf(training), tableOf(validation)]) as unknown as Aligned;
}

/** A position in words: step 12,300, or 1:23 of training. */
export function positionInWords(position: number, { axis }: View): string {
  return axis === 'time' ? `${formatSeconds(position)} of training` : `step ${formatCount(position)}`;
}

/** Numbers below an axis: short, so that they do not meet. */
export function tickOf(position: number, { axis }: View): string {
  if (axis === 'time') return formatSeconds(position);
  if (position >= 1e6) return `${Number((position / 1e6).toPrecision(4))}M`;
  return position >= 1e4 ? `${Number((position / 1e3).toPrecision(4))}k` : formatCount(position);
}

function formatSeconds(seconds: number): string {
  return seconds < 60 ? `${Number(seconds.toPrecision(3))} s` : formatDuration(seconds);
}

/** Distances of marks on an axis of time that people count in, in seconds. */
export const TIME_STEPS = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => 60 * minutes),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 240, 480, 960].map((hours) => 3600 * hours),
];
