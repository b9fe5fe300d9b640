import { extname } from 'node:path';
import { writeFileAtomically } from '../system/atomic-write.js';
import { messageOf, UserError } from '../errors.js';
import type { HistoryPoint } from '../trainer/history.js';
import { isFinitePoint, type LineChart, lineChartSpec, type Point, type Series } from './line-chart.js';
import { svgToPng } from './png.js';
import { renderVega } from './vega.js';

/** What {@link renderCurves} draws: the loss while training, smoothed by the caller, and that on held-out text. */
export interface Curves {
  title: string;
  training: readonly HistoryPoint[];
  validation: readonly HistoryPoint[];
}

/**
 * The training and validation loss over steps as the text of an SVG file: nats per character at the left, bits at the
 * right. Values that are not finite are left out, long curves are thinned; without any point the chart says so.
 *
 * @throws UserError when Vega, which draws it, is not installed
 */
export function renderCurves(curves: Curves): Promise<string> {
  return renderVega(lineChartSpec(lossChart(curves)));
}

/**
 * Draws {@link renderCurves} into a file in the format of its ending, see {@link plotFormat}.
 *
 * @throws UserError for another ending, a missing package, no fonts for a PNG, or a file that cannot be written
 */
export async function writePlot(path: string, curves: Curves): Promise<void> {
  const format = plotFormat(path);
  const svg = await renderCurves(curves);
  const content = format === 'png' ? await svgToPng(svg) : svg;
  await writeFileAtomically(path, Buffer.from(content)).catch((error: unknown) => {
    throw new UserError(`the plot '${path}' must be writable, but ${messageOf(error)}; choose another path`);
  });
}

/** The format that a plot's path asks for. @throws UserError when it ends in neither `.svg` nor `.png`. */
export function plotFormat(path: string): 'svg' | 'png' {
  const ending = extname(path).toLowerCase();
  if (ending === '.svg') return 'svg';
  if (ending === '.png') return 'png';
  throw new UserError(`a plot's path must end in .svg or .png, but '${path}' does not; choose one of the two`);
}

function lossChart({ title, training, validation }: Curves): LineChart {
  const series = [
    { name: 'training (smoothed)', points: training.map(toPoint) },
    { name: 'validation', points: validation.map(toPoint) },
  ];
  return {
    title,
    subtitle: lastLosses(series),
    xTitle: 'step',
    yTitle: 'loss, nats per character',
    rightAxis: { title: 'bits per character', factor: Math.LOG2E },
    series,
  };
}

/** The numbers that a reader would otherwise estimate at the end of the curves. */
function lastLosses(series: readonly Series[]): string {
  const last = series.flatMap(({ name, points }) => {
    const point = points.findLast(isFinitePoint);
    return point ? [`${name} ${point.y.toFixed(3)} at step ${point.x.toLocaleString('en-US')}`] : [];
  });
  return last.join(', ');
}

function toPoint({ step, natsPerChar }: HistoryPoint): Point {
  return { x: step, y: natsPerChar };
}
