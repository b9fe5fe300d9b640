import { printable, printableLine } from '../../../format/printable.js';
import { element } from '../shared/element.js';
import type { Panel } from './panel.js';

/** The run's options; those that are not the defaults stand out. */
export function options(): Panel {
  const list = element('dl', { class: 'options small' });
  const node = section('options', 'Options', list);
  let shown: unknown;
  return {
    node,
    show: ({ description }) => {
      if (description === shown || !description) return;
      shown = description;
      const rows = description.options.map(({ flag, value, isDefault }) =>
        element(
          'div',
          { class: isDefault ? 'soft' : 'given' },
          element('dt', {}, flag),
          element('dd', {}, printableLine(value)),
        ),
      );
      list.replaceChildren(...rows);
    },
  };
}

/** What the program says, line by line, as in the terminal. */
export function notes(): Panel {
  const list = element('div', { class: 'notes small', role: 'log', tabindex: 0, 'aria-label': 'Messages' });
  const node = section('notes', 'Messages', list);
  let shown = '';
  return {
    node,
    show: ({ notes, ending }) => {
      const lines = [...notes, ...(ending?.lines ?? [])];
      const all = lines.join('\n');
      if (all === shown) return;
      shown = all;
      list.replaceChildren(...lines.map((line) => element('p', {}, printable(line))));
      list.scrollTop = list.scrollHeight;
    },
  };
}

function section(name: string, title: string, content: HTMLElement): HTMLElement {
  const heading = element('h2', { id: `${name}-title` }, title);
  return element('section', { class: 'card', 'aria-labelledby': `${name}-title` }, heading, content);
}
