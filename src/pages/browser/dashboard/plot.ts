import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { RunRecord } from '../../../dashboard/record.js';
import { element } from '../shared/element.js';
import { type Aligned, alignedCurves, CURVES, TIME_STEPS, tickOf } from './curves.js';
import type { View } from './view.js';

/** uPlot in a frame that gives it its width; the cursor follows the mouse or the arrow keys, else the newest point. */
export class Plot {
  #plot: uPlot | undefined;
  #data: Aligned = [[], [], []];
  #view: View | undefined;
  /** Where a resumed run continues, on the axis of the view. */
  #resumedAt: number | undefined;
  /** The index that the arrow keys have chosen. */
  #chosen: number | undefined;

  constructor(
    private readonly frame: HTMLElement,
    private readonly say: (data: Aligned, index: number, view: View) => string,
  ) {
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(frame);
    document.addEventListener('themechange', () => this.#redraw());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#redraw());
    frame.addEventListener('keydown', (event) => this.#key(event));
    frame.addEventListener('blur', () => this.#choose(undefined));
  }

  show(record: RunRecord, view: View): void {
    const { axis, scale, unit } = this.#view ?? view;
    if (axis !== view.axis || scale !== view.scale || unit !== view.unit) this.#discard();
    this.#view = { ...view };
    this.#data = alignedCurves(record, view);
    this.#resumedAt = record.description?.resumedAt?.[view.axis];
    this.#draw(this.#view);
  }

  /** Draws all with the colours as they are now. */
  #redraw(): void {
    this.#discard();
    if (this.#view) this.#draw(this.#view);
  }

  #discard(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #draw(view: View): void {
    const data = this.#data as unknown as uPlot.AlignedData;
    if (this.#plot) this.#plot.setData(data);
    else if (this.#data[0].length > 0) this.#plot = new uPlot(this.#options(view), data, this.frame);
    this.#point();
  }

  #size(): { width: number; height: number } {
    return { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  #options(view: View): uPlot.Options {
    const colourOf = coloursIn(this.frame);
    const axis = { stroke: colourOf('--soft-ink'), font: `12px ${getComputedStyle(this.frame).fontFamily}` };
    const lines = { stroke: colourOf('--line'), width: 1 };
    return {
      ...this.#size(),
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: { x: { time: false, distr: view.scale === 'log' ? 3 : 1, range: rangeOf } },
      axes: [
        { ...axis, grid: { show: false }, ticks: { ...lines, size: 5 }, size: 32, space: 70, values: (_, splits) => splits.map((at) => (at == null ? '' : tickOf(at, view))), ...(view.axis === 'time' && view.scale === 'linear' && { incrs: TIME_STEPS }) }, // prettier-ignore
        { ...axis, grid: lines, ticks: { show: false }, size: 44, space: 40 },
      ],
      series: [{}, ...CURVES.map(({ colour }, i) => seriesOf(colourOf(colour), i === 1))],
      hooks: { setCursor: [() => this.#read()], drawAxes: [(plot) => this.#drawResumption(plot, axis.stroke)] },
    };
  }

  /** A dashed line where a resumed run continues. */
  #drawResumption(plot: uPlot, colour: string): void {
    if (this.#resumedAt === undefined) return;
    const { ctx, bbox } = plot;
    const x = plot.valToPos(this.#resumedAt, 'x', true);
    if (!(x > bbox.left && x < bbox.left + bbox.width)) return;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.setLineDash([2, 4].map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  /** Says what is under the cursor; without one, the newest. */
  #read(): void {
    const view = this.#view;
    const last = this.#data[0].length - 1;
    if (!view || last < 0) return;
    const index = this.#plot?.cursor.idx ?? last;
    const text = this.say(this.#data, Math.min(index, last), view);
    this.frame.setAttribute('aria-valuemax', String(last));
    this.frame.setAttribute('aria-valuenow', String(Math.min(index, last)));
    this.frame.setAttribute('aria-valuetext', text);
  }

  #key(event: KeyboardEvent): void {
    const last = this.#data[0].length - 1;
    const now = this.#chosen ?? last;
    const page = Math.max(1, Math.round(last / 10));
    const moves: Record<string, number | undefined> = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, PageDown: now - page, PageUp: now + page, Home: 0, End: last }; // prettier-ignore
    const to = event.key === 'Escape' ? undefined : moves[event.key];
    if (last < 0 || (to === undefined && event.key !== 'Escape')) return;
    event.preventDefault();
    this.#choose(to === undefined ? undefined : Math.max(0, Math.min(last, to)));
  }

  #choose(index: number | undefined): void {
    if (index === undefined && this.#chosen !== undefined) this.#plot?.setCursor({ left: -10, top: -10 });
    this.#chosen = index;
    this.#point();
  }

  /** Puts the cursor where the keys have chosen. */
  #point(): void {
    const at = this.#chosen === undefined ? undefined : this.#data[0][this.#chosen];
    if (this.#plot && at !== undefined) this.#plot.setCursor({ left: this.#plot.valToPos(at, 'x'), top: 0 });
    else this.#read();
  }
}

function seriesOf(colour: string, hasPoints: boolean): uPlot.Series {
  return {
    stroke: colour,
    width: hasPoints ? 2 : 1.5,
    spanGaps: true,
    points: { show: hasPoints, size: 5, fill: colour },
  };
}

/** From the first point to the last; something to show where there is none yet, or one. */
function rangeOf(_: uPlot, first: number | null, last: number | null): uPlot.Range.MinMax {
  if (first === null || last === null) return [1, 10];
  return last > first ? [first, last] : [first / 2, first * 2 + 1];
}

/** What colours of the style sheet are now: a canvas knows no variables. */
function coloursIn(frame: HTMLElement): (variable: string) => string {
  return (variable) => {
    const probe = element('span');
    probe.style.color = `var(${variable})`;
    frame.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
