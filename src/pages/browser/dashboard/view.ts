import { kept, keep } from '../shared/kept.js';
import { element } from '../shared/element.js';

/** Choices of how the curves are drawn, by what they are about. */
const CHOICES = {
  axis: { title: 'Horizontal axis', words: { step: 'Steps', time: 'Time' } },
  scale: { title: 'Scale of the horizontal axis', words: { linear: 'Linear', log: 'Log' } },
  unit: { title: 'Unit of the loss', words: { nats: 'Nats', bits: 'Bits' } },
} as const;

type Choices = typeof CHOICES;

/** How the user wants to see the curves. */
export type View = { -readonly [Name in keyof Choices]: keyof Choices[Name]['words'] };

/** The view that was last chosen in this browser. */
export function keptView(): View {
  return { axis: keptWord('axis'), scale: keptWord('scale'), unit: keptWord('unit') };
}

function keptWord<Name extends keyof Choices>(name: Name): View[Name] {
  const words = Object.keys(CHOICES[name].words) as View[Name][];
  return words.find((word) => word === kept(name)) ?? words[0];
}

/** The controls of a view, which they change. */
export function viewControls(view: View, changed: () => void): HTMLElement {
  const names = Object.keys(CHOICES) as (keyof Choices)[];
  return element('div', { class: 'view-controls' }, ...names.map((name) => choice(view, name, changed)));
}

/** Buttons of which one is pressed: radio buttons in disguise, so that the arrow keys move among them. */
function choice<Name extends keyof Choices>(view: View, name: Name, changed: () => void): HTMLElement {
  const { title, words } = CHOICES[name];
  const buttons = Object.entries<string>(words).map(([word, label]) => {
    const input = element('input', { type: 'radio', name, value: word, checked: view[name] === word });
    input.addEventListener('change', () => {
      view[name] = word as View[Name];
      keep(name, word);
      changed();
    });
    return element('label', {}, input, element('span', {}, label));
  });
  return element('fieldset', { class: 'choice' }, element('legend', { class: 'visually-hidden' }, title), ...buttons);
}

/** A loss in the unit of the view. */
export function inUnit(natsPerChar: number, { unit }: View): number {
  return unit === 'bits' ? natsPerChar / Math.LN2 : natsPerChar;
}
