import { element } from '../shared/element.js';
import { Choice } from './choice.js';
import { activationClass } from './colouring.js';
import type { Ranks } from './messages.js';
import type { Recording } from './recording.js';
import { bestOfAll, type Ranked, rankedFor } from './ranking.js';

/** Units in a row of the grid, at least. */
const FEWEST_COLUMNS = 16;

/** All units: a grid of what each does on the character pointed at, and a list by how selectively they fire. */
export class Units {
  readonly element: HTMLElement;
  readonly #grid: Choice;
  readonly #cells: HTMLElement[];
  readonly #list: Choice;
  readonly #class = element('select', { id: 'class' }, element('option', { value: '' }, 'any class'));
  readonly #note = element('p', { class: 'small soft list-note' });
  #ranks: Ranks | undefined;
  #ranked: readonly Ranked[] = [];
  #unit = -1;

  /** @param onChoose called with the unit that the user chooses. */
  constructor(
    hiddenSize: number,
    readonly onChoose: (unit: number) => void,
  ) {
    const columns = Math.max(FEWEST_COLUMNS, Math.ceil(Math.sqrt(hiddenSize)));
    this.#cells = Array.from({ length: hiddenSize }, (_, unit) =>
      element('div', { role: 'option', id: `cell-${unit}`, 'aria-label': `unit ${unit}`, 'aria-selected': 'false' }),
    );
    const grid = element('div', { class: 'unit-grid', 'aria-label': 'All units' }, ...this.#cells);
    grid.style.setProperty('--columns', String(columns));
    this.#grid = new Choice(grid, { columns: () => columns, onChoose });
    const list = element('div', { class: 'unit-list', 'aria-label': 'Units by how selectively they fire' });
    this.#list = new Choice(list, { columns: () => 1, onChoose: (at) => onChoose(this.#ranked[at].unit) });
    this.#class.addEventListener('change', () => this.#rank());
    this.element = element(
      'section',
      { class: 'card units', 'aria-labelledby': 'units-title' },
      element('h2', { id: 'units-title' }, `${hiddenSize} hidden units`),
      element(
        'p',
        { class: 'small soft' },
        'What each does on the character pointed at; choose one to colour the text.',
      ),
      grid,
      element('div', { class: 'list-head' }, element('label', { for: 'class' }, 'Most selective for'), this.#class),
      this.#note,
      list,
    );
    this.rank(undefined);
  }

  /** Shows what the units do on a character. */
  show(recording: Recording, position: number): void {
    this.#cells.forEach((cell, unit) => {
      const value = recording.activationAt(position, unit);
      cell.className = activationClass(value);
      cell.title = Number.isNaN(value) ? `unit ${unit}` : `unit ${unit}: ${signed(value)}`;
    });
  }

  /** Marks a unit as the one that colours the text; undefined: none. */
  choose(unit = -1): void {
    this.#unit = unit;
    this.#grid.choose(unit);
    this.#list.choose(this.#ranked.findIndex((ranked) => ranked.unit === unit));
  }

  /** Ranks the units by numbers of the text; without them none is ranked. @returns the most selective unit. */
  rank(ranks: Ranks | undefined): number | undefined {
    this.#ranks = ranks;
    const options = (ranks?.classes ?? []).flatMap((name, at) =>
      rankedFor(ranks as Ranks, at).length > 0 ? [element('option', { value: at }, name)] : [],
    );
    const kept = this.#class.value;
    this.#class.replaceChildren(element('option', { value: '' }, 'any class'), ...options);
    if (options.some(({ value }) => value === kept)) this.#class.value = kept;
    this.#rank();
    return this.#ranked.at(0)?.unit;
  }

  #rank(): void {
    const { value } = this.#class;
    this.#ranked = !this.#ranks ? [] : value === '' ? bestOfAll(this.#ranks) : rankedFor(this.#ranks, Number(value));
    this.#list.element.replaceChildren(...this.#ranked.map((ranked) => rowOf(ranked, this.#ranks?.classes ?? [])));
    this.#note.textContent = !this.#ranks
      ? 'The text is being read.'
      : this.#ranked.length === 0
        ? 'The text is too short to tell: a class must have 20 characters, and so must the rest.'
        : 'Number: of two characters, one in the class and one not, how often the unit is more active on the first (AUC).';
    this.choose(this.#unit);
  }
}

function rowOf({ unit, feature, concordance }: Ranked, classes: readonly string[]): HTMLElement {
  const isHigh = concordance >= 0.5;
  const share = isHigh ? concordance : 1 - concordance;
  const bar = element('span', { class: `bar ${isHigh ? 'is-high' : 'is-low'}` });
  bar.style.setProperty('--share', String(2 * share - 1));
  return element(
    'div',
    { role: 'option', id: `row-${unit}`, 'aria-selected': 'false' },
    element('span', { class: 'number unit-number' }, String(unit)),
    element('span', { class: 'phrase' }, `${isHigh ? 'high' : 'low'} ${classes[feature]}`),
    bar,
    element('span', { class: 'number' }, share.toFixed(3)),
  );
}

/** +0.53 or −0.53. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
