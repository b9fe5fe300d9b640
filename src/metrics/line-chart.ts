import type { Axis, Data, Legend, Mark, Scale, Spec } from 'vega';
import { CHART_CONFIG, heading, PALETTE } from './chart-style.js';

/** The most points that a curve is drawn with: more than a screen shows, few enough for a small file. */
export const MAX_POINTS = 1000;
/** Up to so many points, each gets a dot as well. */
const MAX_DOTS = 40;

/** One place on a curve, in the units of the chart's axes. */
export interface Point {
  x: number;
  y: number;
}

/** One curve. Points are in the order of x; those that are not finite are left out. */
export interface Series {
  name: string;
  points: readonly Point[];
}

/** What to draw; see {@link lineChartSpec}. */
export interface LineChart {
  title: string;
  /** A smaller line under the title. */
  subtitle?: string;
  xTitle: string;
  yTitle: string;
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

/** At most `limit` of the items, evenly spread; the first and the last are always among them. */
export function thin<T>(items: readonly T[], limit = MAX_POINTS): T[] {
  if (items.length <= limit) return [...items];
  const stride = (items.length - 1) / (limit - 1);
  return items.filter((_, index) => Math.round(Math.round(index / stride) * stride) === index);
}

function drawable({ series, logX }: LineChart): Series[] {
  const canDraw = ({ x, y }: Point) => Number.isFinite(x) && Number.isFinite(y) && (!logX || x > 0);
  return series
    .map(({ name, points }) => ({ name, points: thin(points.filter(canDraw)) }))
    .filter(({ points }) => points.length > 0);
}

function curves(chart: LineChart, series: Series[]): Partial<Spec> {
  return {
    data: [data(series)],
    scales: scales(chart, series),
    axes: axes(chart),
    legends: [legend()],
    marks: [lines()],
  };
}

function data(series: Series[]): Data {
  const values = series.flatMap(({ name, points }) =>
    points.map(({ x, y }) => ({ name, x, y, dot: points.length <= MAX_DOTS })),
  );
  return { name: 'points', values };
}

function scales({ logX, rightAxis }: LineChart, series: Series[]): Scale[] {
  const x: Scale = { name: 'x', type: logX ? 'log' : 'linear', domain: { data: 'points', field: 'x' }, range: 'width' };
  const y: Scale = { name: 'y', zero: false, nice: true, domain: { data: 'points', field: 'y' }, range: 'height' };
  const colour: Scale = {
    name: 'colour',
    type: 'ordinal',
    domain: series.map(({ name }) => name),
    range: [...PALETTE],
  };
  return [x, y, colour, ...(rightAxis ? [rightScale(rightAxis.factor)] : [])];
}

function rightScale(factor: number): Scale {
  const domain = { signal: `[domain('y')[0] * ${factor}, domain('y')[1] * ${factor}]` };
  return { name: 'right', zero: false, domain, range: 'height' };
}

function axes({ xTitle, yTitle, rightAxis, logX }: LineChart): Axis[] {
  const x: Axis = {
    scale: 'x',
    orient: 'bottom',
    title: xTitle,
    format: '~s',
    labelOverlap: true,
    tickCount: logX ? 5 : 8,
  };
  const y: Axis = { scale: 'y', orient: 'left', title: yTitle, grid: true, tickCount: 6, domain: false, ticks: false };
  const right: Axis = { scale: 'right', orient: 'right', tickCount: 6, domain: false, tickSize: 4 };
  return [y, x, ...(rightAxis ? [{ ...right, title: rightAxis.title }] : [])];
}

function legend(): Legend {
  return { stroke: 'colour', orient: 'top', direction: 'horizontal', symbolType: 'stroke', offset: 8 };
}

function lines(): Mark {
  const place = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } } as const;
  const colour = { scale: 'colour', field: 'name' } as const;
  return {
    type: 'group',
    from: { facet: { name: 'curve', data: 'points', groupby: 'name' } },
    marks: [
      {
        type: 'line',
        from: { data: 'curve' },
        encode: { enter: { ...place, stroke: colour, strokeWidth: { value: 2 }, strokeJoin: { value: 'round' } } },
      },
      {
        type: 'symbol',
        from: { data: 'curve' },
        encode: { enter: { ...place, fill: colour, size: { signal: 'datum.dot ? 30 : 0' } } },
      },
    ],
  };
}

function nothingYet(): Mark {
  return {
    type: 'text',
    encode: {
      enter: {
        x: { signal: 'width / 2' },
        y: { signal: 'height / 2' },
        align: { value: 'center' },
        fill: { value: '#666666' },
        fontSize: { value: 14 },
        text: { value: 'Nothing to draw yet' },
      },
    },
  };
}
