import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { loadOptional } from '../../src/metrics/optional-package.js';
import { type Curves, plotFormat, renderCurves, writePlot } from '../../src/metrics/plot.js';
import { renderVega } from '../../src/metrics/vega.js';
import { scratchFolder } from '../scratch-folder.js';
import { curvesIn, dotsIn, textsIn } from './svg.js';

function losses(count: number, lossAt = (index: number) => 1 + 3 / (1 + index)) {
  return Array.from({ length: count }, (_, index) => ({ step: (index + 1) * 100, natsPerChar: lossAt(index) }));
}

const CURVES: Curves = { title: 'A run', training: losses(60), validation: losses(5, () => 1.5) };

describe('the plot of a run', () => {
  it('has one curve for training and one for validation, with as many corners as points', async () => {
    const svg = await renderCurves(CURVES);
    expect(curvesIn(svg).map((curve) => curve.length)).toEqual([60, 5]);
  });

  it('shows few points as dots and many as a line alone', async () => {
    expect(dotsIn(await renderCurves(CURVES))).toBe(5);
  });

  it('names the run, both axes of loss, the steps, the curves and their last values', async () => {
    const texts = textsIn(await renderCurves(CURVES));
    const expected = [
      'A run',
      'loss, nats per character',
      'bits per character',
      'step',
      'training (smoothed)',
      'validation',
    ];
    expect(texts).toEqual(expect.arrayContaining(expected));
    expect(texts).toContain('training (smoothed) 1.050 at step 6,000, validation 1.500 at step 500');
  });

  it('has the same range at the left in nats, 1 to 4, and at the right in bits, 1.44 to 5.77', async () => {
    const texts = textsIn(await renderCurves(CURVES));
    const before = (title: string) => texts.slice(0, texts.indexOf(title)).join(' ');
    expect(before('loss, nats per character')).toBe('1.0 1.5 2.0 2.5 3.0 3.5 4.0');
    expect(before('bits per character')).toMatch(/ step 2 3 4 5$/);
  });

  it('falls where the loss falls', async () => {
    const [training = []] = curvesIn(await renderCurves(CURVES));
    const heights = training.map(({ y }) => y);
    expect(heights).toEqual([...heights].sort((first, second) => first - second));
  });

  it('thins a long curve to at most 1,000 corners and keeps both ends', async () => {
    const all = await renderCurves({ ...CURVES, training: losses(1000), validation: [] });
    const thinned = await renderCurves({ ...CURVES, training: losses(54_321), validation: [] });
    expect(curvesIn(all)[0]).toHaveLength(1000);
    expect(curvesIn(thinned)[0]).toHaveLength(1000);
    expect(textsIn(thinned).join()).toContain('at step 5,432,100');
    const peaks = losses(54_321, (index) => (index === 0 || index === 54_320 ? 9 : 1));
    const [corners] = curvesIn(await renderCurves({ title: '', training: peaks, validation: [] }));
    const top = Math.min(...corners.map(({ y }) => y));
    expect(corners.flatMap(({ y }, index) => (y === top ? [index] : []))).toEqual([0, 999]);
  });

  it('leaves out values that are not finite', async () => {
    const training = losses(10, (index) => [NaN, Infinity, -Infinity][index] ?? 2);
    const svg = await renderCurves({ ...CURVES, training: [...training, { step: NaN, natsPerChar: 2 }] });
    expect(curvesIn(svg).map((curve) => curve.length)).toEqual([7, 5]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws a single point, and a loss that never changes', async () => {
    expect(dotsIn(await renderCurves({ title: '', training: losses(1), validation: [] }))).toBe(1);
    const flat = await renderCurves({ title: '', training: losses(50, () => 2), validation: [] });
    expect(new Set(curvesIn(flat)[0]?.map(({ y }) => y)).size).toBe(1);
    expect(textsIn(flat)).toEqual(expect.arrayContaining(['1.6', '2.0', '2.4']));
  });

  it('says so when there is nothing to draw', async () => {
    const nothing = await renderCurves({ title: 'A run', training: [], validation: losses(1, () => NaN) });
    expect(textsIn(nothing)).toEqual(expect.arrayContaining(['A run', 'Nothing to draw yet']));
    expect(curvesIn(nothing)).toEqual([]);
  });

  it('keeps the title as it is, markup and all', async () => {
    expect(await renderCurves({ ...CURVES, title: '<b> & "c"' })).toContain('&lt;b&gt; &amp; "c"');
  });
});

describe("a plot's file", () => {
  it('is SVG or PNG by its ending', async () => {
    const folder = scratchFolder();
    await writePlot(join(folder, 'loss.SVG'), CURVES);
    await writePlot(join(folder, 'loss.png'), CURVES);
    expect(readFileSync(join(folder, 'loss.SVG'), 'utf8')).toMatch(/^<svg /);
    const png = readFileSync(join(folder, 'loss.png'));
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect(png.readUInt32BE(16)).toBeGreaterThan(1200);
  });

  it.each(['loss.jpg', 'loss', 'png', '.svg'])('cannot be %s', async (name) => {
    expect(() => plotFormat(name)).toThrow(UserError);
    await expect(writePlot(name, CURVES)).rejects.toThrow(`must end in .svg or .png, but '${name}' does not`);
  });

  it('is refused as a mistake of the user where it cannot be written', async () => {
    const path = join(scratchFolder(), 'no such folder', 'loss.svg');
    await expect(writePlot(path, CURVES)).rejects.toThrow(UserError);
    await expect(writePlot(path, CURVES)).rejects.toThrow(`the plot '${path}' must be writable`);
  });
});

describe('a chart that cannot be drawn', () => {
  it('names the package that is missing and the command that installs it, on one line', async () => {
    const missing = loadOptional('@no/such', 'a chart');
    await expect(missing).rejects.toThrow(UserError);
    await expect(missing).rejects.toThrow(/^a chart needs the package @no\/such, but .*; run 'npm ci'$/);
  });

  it('is an error, not half a chart and a message on the console', async () => {
    const marks = [{ type: 'text' as const, encode: { enter: { text: { signal: 'datum.no.such' } } } }];
    await expect(renderVega({ marks })).rejects.toThrow(/^Vega: TypeError/);
  });
});
