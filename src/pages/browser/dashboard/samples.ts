import type { RunRecord } from '../../../dashboard/record.js';
import { formatCount } from '../../../format/numbers.js';
import { printable } from '../../../format/printable.js';
import { element } from '../shared/element.js';
import { type Panel, setText } from './panel.js';

/** What the model writes: the newest sample as it comes, or an earlier one. */
export function samples(): Panel {
  const step = element('span', { class: 'soft number' }, 'none so far');
  const text = element('pre', { class: 'sample', tabindex: 0, 'aria-label': 'Sample' });
  const slider = element('input', { type: 'range', min: 0, max: 0, value: 0, 'aria-label': 'Which sample', disabled: true }); // prettier-ignore
  const node = element(
    'section',
    { class: 'card samples', 'aria-labelledby': 'samples-title' },
    element('div', { class: 'card-head' }, element('h2', { id: 'samples-title' }, 'What it writes'), step),
    text,
    element('div', { class: 'slider soft small' }, element('span', {}, 'first'), slider, element('span', {}, 'newest')),
  );
  let list: RunRecord['samples'] = [];
  /** The step of the sample that the user looks at; undefined for the newest. */
  let chosen: number | undefined;
  const show = () => {
    const wanted = list.findIndex((sample) => sample.step >= (chosen ?? Infinity));
    const index = wanted < 0 ? list.length - 1 : wanted;
    slider.max = String(Math.max(0, list.length - 1));
    slider.value = String(Math.max(0, index));
    slider.disabled = list.length < 2;
    if (list.length === 0) return;
    const sample = list[index];
    slider.setAttribute('aria-valuetext', `step ${formatCount(sample.step)}`);
    setText(step, `step ${formatCount(sample.step)}`);
    setText(text, printable(sample.text));
  };
  slider.addEventListener('input', () => {
    const index = Number(slider.value);
    chosen = index >= list.length - 1 ? undefined : list[index].step;
    show();
  });
  return {
    node,
    show: (record) => {
      list = record.samples;
      show();
    },
  };
}
