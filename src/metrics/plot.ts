import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf, UserError } from '../errors.js';
import { lineChartSpec, type LineChart, type Point } from './line-chart.js';
import { svgToPng } from './png.js';
import { renderVega } from './vega.js';

/** The loss after a number of steps. */
export interface LossPoint {
  step: number;
  natsPerChar: number;
}

/** What `renderCurves` draws: the loss while training (smoothed by the caller) and that on held-out text. */
export interface Curves {
  title: string;
  training: readonly LossPoint[];
  validation: readonly LossPoint[];
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
 * Draws `renderCurves` into a file, whose ending chooses the format: `.svg` or `.png`.
 *
 * @throws UserError for another ending, a missing package, no fonts for a PNG, or a file that cannot be written
 */
export async function writePlot(path: string, curves: Curves): Promise<void> {
  const format = extname(path).toLowerCase();
  if (format !== '.svg' && format !== '.png') {
    throw new UserError(`A plot's file name must end in .svg or .png, "${path}" does not: choose one of the two`);
  }
  const svg = await renderCurves(curves);
  const content = format === '.png' ? await svgToPng(svg) : svg;
  await writeFile(path, content).catch((error: unknown) => {
    throw new UserError(`The plot could not be written to "${path}" (${messageOf(error)}): choose another path`);
  });
}

function lossChart({ title, training, validation }: Curves): LineChart {
  const series = [
    { name: 'training (smoothed)', points: training.map(toPoint) },
    { name: 'validation', points: validation.map(toPoint) },
  ];
  return {
    title,
    xTitle: 'step',
    yTitle: 'loss, nats per character',
    rightAxis: { title: 'bits per character', factor: Math.LOG2E },
    series,
  };
}

function toPoint({ step, natsPerChar }: LossPoint): Point {
  return { x: step, y: natsPerChar };
}
