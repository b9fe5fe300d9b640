import { describe, expect, it } from 'vitest';
import { barChart, lineChart } from '../../benchmarks/charts.js';
import { curvesIn, textsIn } from '../metrics/svg.js';

interface Bar {
  width: number;
  colour: string;
}

function barsIn(svg: string): Bar[] {
  const [, marks = ''] = /mark-rect[^>]*>(.*?)<\/g>/.exec(svg) ?? [];
  return [...marks.matchAll(/d="([^"]*)" fill="([^"]*)"/g)].map(([, path = '', colour = '']) => {
    const xs = [...path.matchAll(/([-\d.]+),[-\d.]+/g)].map(([, x]) => Number(x));
    return { width: Math.max(...xs) - Math.min(...xs), colour };
  });
}

const OURS = { name: 'ours', highlight: true };
const BARS = {
  title: 'Speed',
  unit: 'characters per second',
  groups: [
    {
      label: 'small',
      rows: [
        { ...OURS, value: 30_000 },
        { name: 'theirs', value: 10_000 },
      ],
    },
    {
      label: 'large',
      rows: [
        { ...OURS, value: 61_234 },
        { name: 'absent', value: NaN },
      ],
    },
  ],
};

describe('a bar chart', () => {
  it('has a bar for each value, as long as the value on one scale for all groups', async () => {
    const widths = barsIn(await barChart(BARS)).map(({ width }) => width);
    const longest = Math.max(...widths);
    const shares = widths.map((width) => width / longest);
    [30_000, 10_000, 61_234, 0].forEach((value, index) => expect(shares[index]).toBeCloseTo(value / 61_234, 6));
  });

  it('names the title, the unit, each group and row, and each value to three digits', async () => {
    const texts = textsIn(await barChart(BARS));
    const words = ['Speed', 'characters per second', 'small', 'large', 'ours', 'theirs', 'absent'];
    expect(texts).toEqual(expect.arrayContaining([...words, '30,000', '10,000', '61,200']));
  });

  it('shows a value that is missing as such', async () => {
    expect(textsIn(await barChart(BARS))).toContain('n/a');
  });

  it('draws the highlighted rows in another colour', async () => {
    const [ours, theirs, oursAgain] = barsIn(await barChart(BARS)).map(({ colour }) => colour);
    expect(ours).toBe(oursAgain);
    expect(ours).not.toBe(theirs);
  });

  it('is drawn when all values are zero and when there are none', async () => {
    const zero = await barChart({ ...BARS, groups: [{ label: 'g', rows: [{ name: 'a', value: 0 }] }] });
    expect(barsIn(zero).map(({ width }) => width)).toEqual([0]);
    for (const svg of [zero, await barChart({ ...BARS, groups: [] })])
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('a line chart', () => {
  const points = [1, 10, 100].map((x) => ({ x, y: x }));
  const chart = { title: 'T', xTitle: 'size', yTitle: 'speed', series: [{ name: 'ours', points }] };

  it('places powers of ten evenly on a logarithmic axis and labels each of the few sizes', async () => {
    const svg = await lineChart({ ...chart, logX: true });
    expect(curvesIn(svg)[0]?.map(({ x }) => Math.round(x))).toEqual([0, 320, 640]);
    expect(textsIn(svg)).toEqual(expect.arrayContaining(['1', '10', '100', 'size', 'speed', 'ours']));
  });

  it('places them by their size on a linear one', async () => {
    expect(curvesIn(await lineChart(chart))[0]?.map(({ x }) => Math.round(x))).toEqual([6, 64, 640]);
  });

  it('leaves out what a logarithmic axis has no place for', async () => {
    const series = [{ name: 'ours', points: [{ x: 0, y: 1 }, { x: -1, y: 1 }, ...points] }];
    expect(curvesIn(await lineChart({ ...chart, series, logX: true }))[0]).toHaveLength(3);
  });
});
