import { describe, expect, it } from 'vitest';
import { textChart } from '../../src/metrics/text-chart.js';

const SIZE = { width: 72, height: 14 };
const FALLING = Array.from({ length: 500 }, (_, index) => ({ x: index * 200, y: 1.4 + 3 * Math.exp(-index / 40) }));

describe('a chart for the terminal', () => {
  it('fills the size it is given and no more, in characters as a reader counts them', () => {
    const lines = textChart(FALLING, SIZE).split('\n');
    expect(lines).toHaveLength(14);
    expect(Math.max(...lines.map((line) => [...line].length))).toBe(72);
  });

  it('looks like the curve', () => {
    const points = [0, 1, 2, 3, 4, 5, 6, 7].map((x) => ({ x, y: 7 - x }));
    expect(textChart(points, { width: 24, height: 6 }).split('\n')).toEqual([
      '7.0 ┤⠉⠒⠦⣀⡀',
      '    │    ⠈⠙⠒⠤⢄⡀',
      '    │         ⠈⠑⠒⠤⣄⡀',
      '0.0 ┤              ⠈⠑⠲⠤⣀',
      '    └───────────────────',
      '     0                 7',
    ]);
  });

  it('labels the first and last row with the highest and lowest value, and some between', () => {
    const labels = textChart(FALLING, SIZE).match(/^ *[\d.]+ ┤/gm) ?? [];
    expect(labels.map((label) => Number.parseFloat(label))).toEqual([4.4, 3.58, 2.76, 2.22, 1.4]);
  });

  it('labels the ends of the x axis', () => {
    expect(textChart(FALLING, SIZE)).toMatch(/\n +0 +99,800$/);
  });

  it('has no trailing spaces', () => {
    expect(textChart(FALLING, SIZE)).not.toMatch(/[ \u2800]$/m);
  });

  it('leaves out values that are not finite', () => {
    const points = FALLING.flatMap((point) => [point, { x: point.x, y: NaN }, { x: Infinity, y: 1 }]);
    expect(textChart(points, SIZE)).toBe(textChart(FALLING, SIZE));
  });

  it('draws a single point and a value that never changes', () => {
    const single = textChart([{ x: 20, y: 4 }], SIZE);
    expect(single).toMatch(/[\u2801-\u28ff]/);
    const [axis, label] = single.split('\n').slice(-2);
    const middle = (axis.indexOf('─') + axis.length) / 2;
    expect(Math.abs(label.indexOf('20') + 1 - middle)).toBeLessThanOrEqual(1);
    const flat = textChart(
      [
        { x: 0, y: 4 },
        { x: 10, y: 4 },
      ],
      SIZE,
    );
    expect(flat.split('\n').filter((line) => /[\u2801-\u28ff]/.test(line))).toHaveLength(1);
  });

  it('tells values apart that differ little', () => {
    const labels =
      textChart(
        [
          { x: 0, y: 1.40001 },
          { x: 1, y: 1.40002 },
        ],
        SIZE,
      ).match(/^ *[\d.]+ ┤/gm) ?? [];
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('stays readable in a size that is too small', () => {
    expect(textChart(FALLING, { width: 3, height: 1 }).split('\n')).toHaveLength(6);
  });

  it('says so when there is nothing to draw', () => {
    expect(textChart([{ x: 1, y: NaN }], SIZE)).toBe('nothing to draw yet');
  });
});
