import type { Axis, Legend, Mark, Scale, Spec } from 'vega';
import { CHART_CONFIG, FAINT_INK, heading, PALETTE } from './chart-style.js';

/** The most points that a curve is drawn with: more than a screen shows, few enough for a small file. */
const MAX_POINTS = 1000;
/** Up to so many points, each gets a dot as well. */
const MAX_DOTS = 40;
/** Up to so many different x, a logarithmic axis has a tick at each. */
const MAX_TICKS = 12;

/** One place on a curve, in the units of the chart's axes. */
export interface Point {
  x: number;
  y: number;
}

/** One curve; points in the order of x. Those that are not finite are left out. */
export interface Series {
  name: string;
  points: readonly Point[];
}

/** What {@link lineChartSpec} draws. */
export interface LineChart {
  title: string;
  /** A smaller line under the title. */
  subtitle?: string;
  xTitle: string;
  yTitle: string;
  /** Names differ from each other. */
  series: readonly Series[];
  /** A logarithmic x axis; points with x <= 0 are left out. Default: false. */
  logX?: boolean;
  /** A second y axis at the right, whose numbers are those of the left times `factor`. */
  rightAxis?: { title: string; factor: number };
}

/** The Vega specification of curves over a common x axis. Without any point to draw, the chart says so. */
export function lineChartSpec(chart: LineChart): Spec {
  const series = drawable(chart);
  return {
    width: 640,
    height: 320,
    padding: 16,
    config: CHART_CONFIG,
    title: heading(chart.title, chart.subtitle),
    ...(series.length > 0 ? curves(chart, series) : { marks: [nothingYet()] }),
  };
}

/** Whether a chart has a place for the point. */
export function isFinitePoint({ x, y }: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function drawable({ series, logX }: LineChart): Series[] {
  const canDraw = (point: Point) => isFinitePoint(point) && (!logX || point.x > 0);
  return series
    .map(({ name, points }) => ({ name, points: thin(points.filter(canDraw)) }))
    .filter(({ points }) => points.length > 0);
}

/** At most MAX_POINTS of the points, evenly spread; the first and the last are always among them. */
function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= MAX_POINTS) return points;
  const stride = (points.length - 1) / (MAX_POINTS - 1);
  const kept = new Set(Array.from({ length: MAX_POINTS }, (_, index) => Math.round(index * stride)));
  return points.filter((_, index) => kept.has(index));
}

function curves(chart: LineChart, series: Series[]): Partial<Spec> {
  return {
    data: [
      { name: 'points', values: rowsOf(series) },
      { name: 'dots', values: rowsOf(series.filter(({ points }) => points.length <= MAX_DOTS)) },
    ],
    scales: scales(chart, series),
    axes: axes(chart, series),
    legends: [legend()],
    marks: [lines(), dots()],
  };
}

function rowsOf(series: Series[]): object[] {
  return series.flatMap(({ name, points }) => points.map(({ x, y }) => ({ name, x, y })));
}

function scales({ logX, rightAxis }: LineChart, series: Series[]): Scale[] {
  const x = { name: 'x', domain: { data: 'points', field: 'x' }, range: 'width' } as const;
  const { low, high } = rangeOf(series.flatMap(({ points }) => points.map(({ y }) => y)));
  const names = series.map(({ name }) => name);
  return [
    logX ? { ...x, type: 'log' } : { ...x, type: 'linear' },
    { name: 'y', zero: false, nice: true, domain: [low, high], range: 'height' },
    { name: 'colour', type: 'ordinal', domain: names, range: [...PALETTE] },
    ...(rightAxis ? [rightScale(rightAxis.factor)] : []),
  ];
}

/** The lowest and highest of values, apart from each other even when all are the same: an axis needs a length. */
export function rangeOf(values: readonly number[]): { low: number; high: number } {
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  return low < high ? { low, high } : { low: low - 0.5, high: high + 0.5 };
}

function rightScale(factor: number): Scale {
  const domain = { signal: `[domain('y')[0] * ${factor}, domain('y')[1] * ${factor}]` };
  return { name: 'right', zero: false, domain, range: 'height' };
}

function axes({ xTitle, yTitle, rightAxis, logX }: LineChart, series: Series[]): Axis[] {
  const quiet = { domain: false, tickCount: 6 } as const;
  const x = {
    scale: 'x',
    orient: 'bottom',
    title: xTitle,
    tickCount: 8,
    labelOverlap: true,
    encode: shortNumbers(),
  } as const;
  return [
    { scale: 'y', orient: 'left', title: yTitle, grid: true, ticks: false, ...quiet },
    logX ? { ...x, ...ticksAtPoints(series) } : x,
    ...(rightAxis ? [{ scale: 'right', orient: 'right', title: rightAxis.title, ...quiet } as const] : []),
  ];
}

/** Round numbers are rare on a logarithmic axis: where the points have few x, those are its ticks. */
function ticksAtPoints(series: Series[]): { values?: number[] } {
  const values = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
  return values.length <= MAX_TICKS ? { values } : {};
}

/** 8,000 on a short axis, 20k on a long one. */
function shortNumbers(): NonNullable<Axis['encode']> {
  const text = { signal: "format(datum.value, domain('x')[1] < 10000 ? ',' : '~s')" };
  return { labels: { update: { text } } };
}

function legend(): Legend {
  return {
    stroke: 'colour',
    orient: 'top',
    direction: 'horizontal',
    columns: 3,
    symbolType: 'stroke',
    symbolSize: 300,
  };
}

const PLACE = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } } as const;
const COLOUR = { scale: 'colour', field: 'name' } as const;

function lines(): Mark {
  const enter = { ...PLACE, stroke: COLOUR, strokeWidth: { value: 2 }, strokeJoin: { value: 'round' } } as const;
  return {
    type: 'group',
    from: { facet: { name: 'curve', data: 'points', groupby: 'name' } },
    marks: [{ type: 'line', from: { data: 'curve' }, encode: { enter } }],
  };
}

function dots(): Mark {
  return { type: 'symbol', from: { data: 'dots' }, encode: { enter: { ...PLACE, fill: COLOUR, size: { value: 30 } } } };
}

function nothingYet(): Mark {
  const place = { x: { signal: 'width / 2' }, y: { signal: 'height / 2' }, align: { value: 'center' } } as const;
  const look = { text: { value: 'Nothing to draw yet' }, fill: { value: FAINT_INK }, fontSize: { value: 14 } };
  return { type: 'text', encode: { enter: { ...place, ...look } } };
}
