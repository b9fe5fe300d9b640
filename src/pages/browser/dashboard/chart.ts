import { element } from '../shared/element.js';
import { type Aligned, CURVES, positionInWords } from './curves.js';
import { type Panel, setText } from './panel.js';
import { Plot } from './plot.js';
import { type View, viewControls } from './view.js';

/** The chart of the losses with its controls, and a line that says what is under the cursor. */
export function chart(view: View, changed: () => void): Panel {
  const frame = element('div', { class: 'plot', role: 'slider', tabindex: 0, 'aria-label': 'Loss curves', 'aria-valuemin': 0 }); // prettier-ignore
  const readout = new Readout();
  const plot = new Plot(frame, (data, index, now) => readout.show(data, index, now));
  const node = element(
    'section',
    { class: 'card chart', 'aria-labelledby': 'chart-title' },
    element('div', { class: 'card-head' }, element('h2', { id: 'chart-title' }, 'Loss'), viewControls(view, changed)),
    frame,
    readout.node,
  );
  return { node, show: (record, now) => plot.show(record, now) };
}

/** Names and values of the curves at a position. */
class Readout {
  readonly #position = element('span', { class: 'soft' });
  readonly #values = CURVES.map(() => element('span', { class: 'value' }, '–'));
  readonly node = element(
    'p',
    { class: 'readout number small' },
    ...CURVES.map(({ name }, i) =>
      element('span', { class: `key ${name}` }, element('span', { class: 'soft' }, name), this.#values[i]),
    ),
    this.#position,
  );

  /** @returns what it shows, in one line. */
  show(data: Aligned, index: number, view: View): string {
    const shown = CURVES.map(({ name }, i) => ({ name, value: valueAt(data[i + 1], index) }));
    shown.forEach(({ value }, i) => setText(this.#values[i], value?.toFixed(3) ?? '–'));
    const position = positionInWords(data[0][index], view);
    setText(this.#position, position);
    const known = shown.filter(({ value }) => value !== undefined);
    return (
      [position, ...known.map(({ name, value }) => `${name} ${value?.toFixed(3)}`)].join(', ') + ` ${view.unit}/char`
    );
  }
}

/** The last value of a curve at an index or before: the curves have points at different positions. */
function valueAt(values: readonly (number | null)[], index: number): number | undefined {
  for (let i = index; i >= 0; i--) {
    const value = values[i];
    if (value != null) return value;
  }
  return undefined;
}
