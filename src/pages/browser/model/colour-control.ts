import { element } from '../shared/element.js';
import { type Colouring, MOST_LOSS } from './colouring.js';

const KINDS = ['unit', 'loss', 'none'] as const;
const LABELS = { unit: 'Unit', loss: 'Loss', none: 'Plain' };

/** Chooses what the texts are coloured by, with the legend of its scale. */
export class ColourControl {
  readonly element: HTMLElement;
  readonly #inputs = KINDS.map((value) =>
    element('input', { type: 'radio', name: 'colour', value, id: `by-${value}` }),
  );
  readonly #unitLabel = element('span', {}, LABELS.unit);
  readonly #legend = element('div', { class: 'legend small number', 'aria-hidden': 'true' });

  /** @param onChange called with the kind that the user chooses. */
  constructor(onChange: (kind: Colouring['kind']) => void) {
    const labels = this.#inputs.map((input, i) => {
      input.addEventListener('change', () => onChange(KINDS[i]));
      const name = KINDS[i] === 'unit' ? this.#unitLabel : LABELS[KINDS[i]];
      return element('label', { class: 'segment' }, input, name);
    });
    this.element = element(
      'div',
      { class: 'colour-control' },
      element(
        'fieldset',
        { class: 'segments' },
        element('legend', { class: 'visually-hidden' }, 'Colour the texts by'),
        ...labels,
      ),
      this.#legend,
    );
  }

  show(colouring: Colouring, lastUnit: number | undefined): void {
    this.#inputs.forEach((input, i) => (input.checked = KINDS[i] === colouring.kind));
    this.#unitLabel.textContent = lastUnit === undefined ? LABELS.unit : `Unit ${lastUnit}`;
    const [from, to] = colouring.kind === 'loss' ? ['0', `${MOST_LOSS} nats`] : ['−1', '+1'];
    this.#legend.className = `legend small number of-${colouring.kind}`;
    this.#legend.replaceChildren(from, element('span', { class: 'ramp' }), to);
  }
}
