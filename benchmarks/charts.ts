import type { Mark, Spec } from 'vega';
import { CHART_CONFIG, FAINT_INK, heading, INK, PALETTE } from '../src/metrics/chart-style.js';
import { type LineChart, lineChartSpec } from '../src/metrics/line-chart.js';
import { renderVega } from '../src/metrics/vega.js';

const WIDTH = 680;
const ROW_HEIGHT = 24;
const BAR_HEIGHT = 15;
const HEADING_HEIGHT = 26;
const GROUP_GAP = 12;
/** Room for a name: a generous width of one letter at 12 pixels, and a space before the bar. */
const LETTER_WIDTH = 6.8;
const NAME_GAP = 12;
const VALUE_WIDTH = 80;
const QUIET_BAR = '#c3ccd5';

/** One bar. A value that is not finite shows as `n/a` without a bar. */
export interface BarRow {
  name: string;
  value: number;
  /** Draws the row in the strong colour: this project's own. Default: false. */
  highlight?: boolean;
}

/** What {@link barChart} draws. All groups share one scale from zero; values are 0 or more. */
export interface BarChart {
  title: string;
  /** What the values count, the line under the title. */
  unit: string;
  groups: readonly { label: string; rows: readonly BarRow[] }[];
}

/** Horizontal bars, group under group, each with its value behind it, as the text of an SVG file. */
export function barChart(chart: BarChart): Promise<string> {
  return renderVega(barChartSpec(chart));
}

/** Curves over a common x axis as the text of an SVG file. */
export function lineChart(chart: LineChart): Promise<string> {
  return renderVega(lineChartSpec(chart));
}

function barChartSpec({ title, unit, groups }: BarChart): Spec {
  const { headings, rows, height } = layOut(groups);
  const values = rows.map(({ value }) => value);
  const left = Math.max(...rows.map(({ name }) => name.length), 0) * LETTER_WIDTH + NAME_GAP;
  return {
    width: WIDTH,
    height,
    padding: 16,
    config: CHART_CONFIG,
    title: heading(title, unit),
    data: [
      { name: 'headings', values: headings },
      { name: 'rows', values: rows },
    ],
    scales: [{ name: 'x', domain: [0, Math.max(...values, Number.MIN_VALUE)], range: [left, WIDTH - VALUE_WIDTH] }],
    marks: [headingMark(), nameMark(left), barMark(), valueMark()],
  };
}

/** Gives each heading and row the middle of its line, in pixels from the top. */
function layOut(groups: BarChart['groups']) {
  let height = 0;
  const advance = (by: number) => (height += by) - by / 2;
  const headings: object[] = [];
  const rows = groups.flatMap(({ label, rows }, index) => {
    if (index > 0) height += GROUP_GAP;
    headings.push({ label, y: advance(HEADING_HEIGHT) });
    return rows.map((row) => ({ ...drawnRow(row), y: advance(ROW_HEIGHT) }));
  });
  return { headings, rows, height };
}

function drawnRow({ name, value, highlight = false }: BarRow) {
  const drawn = Number.isFinite(value);
  return {
    name,
    value: drawn ? value : 0,
    label: drawn ? formatValue(value) : 'n/a',
    bar: highlight ? PALETTE[0] : QUIET_BAR,
    ink: drawn ? INK : FAINT_INK,
    weight: highlight ? 'bold' : 'normal',
  };
}

/** Three digits that count: 1,230,000, 45.6 or 0.00789. */
function formatValue(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

function headingMark(): Mark {
  const look = { text: { field: 'label' }, baseline: { value: 'middle' }, fontWeight: { value: 'bold' } } as const;
  return { type: 'text', from: { data: 'headings' }, encode: { enter: { y: { field: 'y' }, ...look } } };
}

function nameMark(left: number): Mark {
  const place = { x: { value: left - NAME_GAP / 2 }, y: { field: 'y' }, align: { value: 'right' } } as const;
  return textMark({ ...place, text: { field: 'name' } });
}

function valueMark(): Mark {
  const place = { x: { scale: 'x', field: 'value', offset: 6 }, y: { field: 'y' } } as const;
  return textMark({ ...place, text: { field: 'label' } });
}

function textMark(place: object): Mark {
  const look = { fill: { field: 'ink' }, fontWeight: { field: 'weight' }, baseline: { value: 'middle' } } as const;
  return { type: 'text', from: { data: 'rows' }, encode: { enter: { ...place, ...look } } };
}

function barMark(): Mark {
  const along = { x: { scale: 'x', value: 0 }, x2: { scale: 'x', field: 'value' } } as const;
  const across = { yc: { field: 'y' }, height: { value: BAR_HEIGHT } } as const;
  const look = { fill: { field: 'bar' }, cornerRadius: { value: 2 } } as const;
  return { type: 'rect', from: { data: 'rows' }, encode: { enter: { ...along, ...across, ...look } } };
}
